import { types } from "node:util";
import {
  AbortedGraphQLExecutionError,
  type ExecutionResult,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type ValidatedExecutionArgs,
} from "graphql";
import { eventLoopTurns } from "../event-loop-turns.ts";
import type { HeldBatches } from "../held-batches.ts";
import type { ResultSize } from "../result-size.ts";
import { WorkPeriod } from "../work-period.ts";
import { AbortSignals } from "./abort-signals.ts";
import { AbortedExecution } from "./aborted-execution.ts";
import { ArrivedValues } from "./arrived-values.ts";
import type { Execution } from "./execution.ts";
import { FieldErrors } from "./field-errors.ts";
import { GatheredRun, LevelRun } from "./level.ts";
import { type FieldPlaces, Level, type Place, type Places, rootOf } from "./places.ts";
import { resolveInfo } from "./resolve-info.ts";
import type { Row } from "./rows.ts";
import type { SelectionPlan } from "./selection-plan.ts";
import { UnreadValues } from "./unread-values.ts";
import { type Awaited, type Resume, type Untyped, type Waiter, Waiting } from "./waiting.ts";
import { unitsPerLook, type Work } from "./work.ts";

/** What bounds an execution that is served to others. */
export interface Bounds {
  /** Gives the signal that may abort the execution: called when something is waited for, or a resolver asks for it. */
  signal(): AbortSignal;
  readonly size: ResultSize;
  /** The batches to hold while it pauses. */
  readonly batches: () => HeldBatches;
}

/** Of an execution that has not waited for anything yet: most never do, and need no set. */
const noWaits: Set<Waiting<Places> | Place> = new Set();

/** One execution of a plan: its work, what it waits for, its errors, and how it ends. */
export class OperationExecution implements Execution, Waiter<Places> {
  readonly args: ValidatedExecutionArgs;
  readonly fieldResolver: GraphQLFieldResolver<unknown, unknown> | undefined;
  readonly getAbortSignal = (): AbortSignal => this.#signals.forResolvers();
  readonly size: ResultSize | undefined;
  /** Whether it was aborted before the present turn began: no resolver is called any more. */
  isStopped = false;
  isPaused = false;
  readonly #bounds: Bounds | undefined;
  readonly #period: WorkPeriod | undefined;
  readonly #signals: AbortSignals;
  readonly #root: Level;
  readonly #errors: FieldErrors;
  readonly unread = new UnreadValues();
  /** Promises, and places whose items are still coming. */
  #waits: Set<Waiting<Places> | Place> = noWaits;
  /** What comes when nothing is waited for any more; undefined for the end. */
  #next: (() => void) | undefined;
  /** The topmost is last. */
  readonly #work: Work<Execution>[] = [];
  /** What came while there was other work. */
  readonly #later: (() => void)[] = [];
  #unitsLeft = unitsPerLook;
  #isTimeUp = false;
  #resumed: Waiting<Places> | undefined;
  #isAborted = false;
  #isFinished = false;
  /** For all that is not done since. */
  #aborted: Error | undefined;
  /** What is left of it is done at once. */
  #isGivenUp = false;
  #answer: PromiseWithResolvers<ExecutionResult> | undefined;
  #partialAnswer: PromiseWithResolvers<ExecutionResult> | undefined;

  constructor(
    args: ValidatedExecutionArgs,
    selection: SelectionPlan,
    fieldResolver: GraphQLFieldResolver<unknown, unknown> | undefined,
    bounds: Bounds | undefined,
  ) {
    this.args = args;
    this.fieldResolver = fieldResolver;
    this.#bounds = bounds;
    this.#period = bounds && new WorkPeriod(bounds.batches);
    this.size = bounds?.size;
    this.#errors = new FieldErrors(this.unread, bounds?.size);
    const late = bounds && (() => bounds.signal());
    this.#signals = new AbortSignals({ external: args.externalAbortSignal, late }, () => this.#abort());
    this.#root = new Level(selection);
    this.#root.addRoot(args.rootValue);
  }

  /**
   * The answer: at once, when nothing had to be waited for.
   *
   * @throws the reason of a signal that is aborted before the start; `AbortedGraphQLExecutionError` when it is aborted
   *   meanwhile. A promise is rejected with that as soon as the signal is aborted.
   */
  run(isSerial: boolean): ExecutionResult | Promise<ExecutionResult> {
    this.args.externalAbortSignal?.throwIfAborted();
    if (isSerial) {
      this.#runSerially(0);
    } else {
      this.push(new LevelRun(this.#root));
      this.#proceed();
    }
    this.#errors.endTurn();
    this.#dropNeedless();
    if (this.#waits.size === 0 && !this.isPaused) {
      const result = this.#respond();
      if (this.#signals.isAborted) throw new AbortedGraphQLExecutionError(this.#signals.reason, result);
      return result;
    }
    this.#answer = Promise.withResolvers();
    this.#signals.listen();
    if (this.#signals.isAborted) this.#abort();
    return this.#answer.promise;
  }

  /** A mutation's fields, each when all of the one before is done: section 6.2.2 of the specification. */
  #runSerially(from: number): void {
    const { steps } = this.#root.plan;
    for (let number = from; number < steps.length && !this.#errors.isDataNull; number++) {
      if (this.#isAborted || this.#signals.isAborted) {
        this.#errors.failAll(new Error("Aborted!"));
        return;
      }
      this.#next = () => {
        this.#runSerially(number + 1);
        if (this.#waits.size === 0 && !this.isPaused) this.#finish();
      };
      this.push(new LevelRun(this.#root, number, number + 1));
      this.#proceed();
      if (this.isPaused) return;
      this.#dropNeedless();
      if (this.#waits.size > 0) return;
    }
    this.#next = undefined;
  }

  get stopReason(): Error | undefined {
    if (!this.isStopped) return this.size?.excess;
    this.#aborted ??= new Error("Aborted!");
    return this.#aborted;
  }

  fail(places: Places, key: number, error: unknown, dropped?: unknown): void {
    this.unread.listenWithin(dropped);
    if (!types.isNativeError(error)) this.unread.listenWithin(error);
    const place = { places, key };
    // Of what is given up there may be very much.
    if ((this.isStopped || this.size?.excess !== undefined) && this.#errors.isGone(place)) return;
    this.#errors.fail(place, error, this.#resumed?.distinctPlaces);
  }

  newInfo(places: FieldPlaces, key: number): GraphQLResolveInfo {
    const info = resolveInfo(this, places, key);
    if (places.field.keepsInfo) places.infos[key] = info;
    return info;
  }

  infoOf(places: Places, key: number): GraphQLResolveInfo {
    const root = rootOf({ places, key });
    root.places.infos[root.key] ??= resolveInfo(this, root.places, root.key);
    return root.places.infos[root.key] as GraphQLResolveInfo;
  }

  levelOf(places: FieldPlaces, type: GraphQLObjectType): Level {
    places.children ??= [];
    for (const level of places.children) if (level.plan.type === type) return level;
    const level = new Level(places.field.selectionOf(type, this.args));
    places.children.push(level);
    return level;
  }

  gather(level: Level, source: unknown, places: Places, key: number): Row {
    this.countRows(level, 1);
    return level.add(source, places, key);
  }

  countRows({ plan }: Level, rows: number): void {
    this.size?.add(rows * plan.fields.length, rows * plan.minCharacters);
  }

  #addWait(wait: Waiting<Places> | Place): void {
    if (this.#waits === noWaits) this.#waits = new Set();
    this.#waits.add(wait);
  }

  waitFor(
    resume: Resume<Places, Execution>,
    places: Places,
    key: number,
    promise: PromiseLike<unknown>,
    untyped: Untyped | undefined,
  ): void {
    const { root } = places;
    this.#period?.noticePromise(root);
    root.waiting ??= [];
    for (const waiting of root.waiting) {
      if (waiting.resume !== resume) continue;
      waiting.add(places, key, promise, untyped);
      return;
    }
    const waiting = new Waiting<Places>(root, resume);
    waiting.add(places, key, promise, untyped);
    root.waiting.push(waiting);
  }

  hold(place: Place): () => void {
    this.#addWait(place);
    return () => {
      if (this.#waits.delete(place) && !this.isPaused) this.#goOn();
    };
  }

  push(work: Work<Execution>): void {
    this.#work.push(work);
  }

  runBelow(places: FieldPlaces): void {
    this.#work.unshift(new GatheredRun(places));
    this.#continue();
  }

  beginAll(places: FieldPlaces): void {
    const { waiting } = places;
    if (waiting === undefined) return;
    places.waiting = undefined;
    for (const each of waiting) {
      this.#addWait(each);
      each.begin(this);
    }
  }

  get hasNoTime(): boolean {
    return this.#isTimeUp;
  }

  /** Looks at the clock now and then, so that small executions never do. */
  isTimeUp(units: number): boolean {
    if (this.#isTimeUp) return true;
    this.#unitsLeft -= units;
    if (this.#unitsLeft > 0 || this.#period === undefined || this.#isGivenUp) return false;
    this.#unitsLeft = unitsPerLook;
    this.#isTimeUp = this.#period.isOver(this.#isSmall) || (this.size?.share?.mustWait ?? false);
    return this.#isTimeUp;
  }

  async afterPause(): Promise<void> {
    while (this.isPaused) await new Promise<void>((resolve) => this.#later.push(resolve));
  }

  /** Does the work that there is, until its time is up. */
  #proceed(): void {
    const work = this.#work;
    for (let top = work.at(-1); top !== undefined; top = work.at(-1)) {
      if (this.#isTimeUp) {
        this.#pause();
        return;
      }
      const at = work.length - 1;
      if (!top.advance(this)) continue;
      if (at === work.length - 1) work.pop();
      else work.splice(at, 1);
    }
    this.#resumed = undefined;
  }

  /** The same, and then what came meanwhile, and what follows when nothing is waited for. */
  #continue(): void {
    try {
      this.#proceed();
      while (!this.isPaused) {
        this.#goOn();
        const next = this.#later.shift();
        if (next === undefined) return;
        next();
        this.#proceed();
      }
    } catch (error) {
      // Nothing of a request's can throw here. A fault of this code has to reach somebody.
      this.#answer?.reject(error);
    }
  }

  #pause(): void {
    this.isPaused = true;
    for (const work of this.#work) work.listen(this);
    this.#bounds?.batches().hold();
    const share = this.size?.share;
    if (share?.mustWait) share.wait(() => this.#putOff());
    else this.#putOff();
  }

  #putOff(): void {
    eventLoopTurns.putOff(() => this.#endPause(), this.#isSmall);
  }

  get #isSmall(): boolean {
    return this.size?.isSmall ?? false;
  }

  /** Batches are let go when all work is done that had come until then. */
  #endPause(): void {
    if (!this.isPaused) return;
    this.isPaused = false;
    this.#isTimeUp = false;
    this.#errors.endTurn();
    this.beginTurn();
    this.#continue();
    this.#bounds?.batches().release();
  }

  beginTurn(): void {
    this.#period?.begin();
    this.isStopped = this.#isAborted || this.#isFinished;
  }

  /** When nothing is waited for any more, what comes next comes. */
  #goOn(): void {
    this.#dropNeedless();
    if (this.#waits.size === 0 && this.#later.length === 0 && !this.#isFinished) {
      if (this.#next) this.#next();
      else this.#finish();
    }
  }

  /** Now, unless there is work that was put off: then after that, in the order of coming. */
  onArrived(waiting: Waiting<Places>): void {
    if (this.isPaused) {
      waiting.listenToArrived();
      this.#later.push(() => this.#takeArrived(waiting));
      return;
    }
    this.beginTurn();
    this.#takeArrived(waiting);
    this.#continue();
  }

  /** Goes on with values that have come, and then with the levels below them. */
  #takeArrived(waiting: Waiting<Places>): void {
    const arrived = waiting.takeArrived();
    if (!this.#waits.has(waiting) || this.#isGone(waiting)) {
      this.#waits.delete(waiting);
      for (const { outcome } of arrived) this.unread.listenWithin(outcome);
      return;
    }
    if (waiting.isSettled) this.#waits.delete(waiting);
    this.#resumed = waiting;
    this.push(new GatheredRun(waiting.root));
    this.push(new ArrivedValues(arrived, (awaited) => this.#resume(waiting, awaited)));
  }

  #resume({ resume }: Waiting<Places>, awaited: Awaited<Places>): void {
    const { places, key, untyped, state, outcome, isEarly } = awaited;
    awaited.state = "done";
    try {
      if (state === "rejected") throw outcome;
      if (this.isStopped && !isEarly) throw new Error("Aborted!");
      // The promises of an execution are all of its own `waitFor`.
      (resume as Resume<Places, Execution>)(this, places, key, outcome, untyped);
    } catch (error) {
      this.fail(places, key, error, untyped ? untyped.value : outcome);
    }
  }

  /**
   * What an error has made null is not waited for, as graphql-js does not: the rest may be complete. As long as the first
   * is wanted, it is not, so that thousands of errors do not each look at everything.
   */
  #dropNeedless(): void {
    for (const wait of this.#waits) {
      if (!this.#isGone(wait)) return;
      this.#waits.delete(wait);
    }
  }

  #isGone(wait: Waiting<Places> | Place): boolean {
    if (this.#errors.count === 0) return false;
    return wait instanceof Waiting ? wait.isGone(this.#errors) : this.#errors.isGone(wait);
  }

  #abort(): void {
    if (this.#isAborted || this.#isFinished) return;
    this.#isAborted = true;
    this.size?.share?.stop();
    if (this.#answer) {
      this.#partialAnswer = Promise.withResolvers();
      this.#answer.reject(
        new AbortedExecution(this.#signals.reason, this.#partialAnswer.promise, () => this.#giveUp()),
      );
      for (const wait of this.#waits) if (wait instanceof Waiting) wait.keepEarly();
      for (const work of this.#work) if (work instanceof ArrivedValues) work.keepEarly();
    }
    this.#signals.tellResolvers();
  }

  /** After an abort: what has not come yet is failed, and what was to follow it. */
  #giveUp(): void {
    this.#isGivenUp = true;
    this.#endPause();
    for (const wait of this.#waits) {
      if (wait instanceof Waiting) {
        wait.giveUp();
        this.onArrived(wait);
        continue;
      }
      this.#waits.delete(wait);
      this.fail(wait.places, wait.key, new Error("Aborted!"));
      this.#goOn();
    }
  }

  #finish(): void {
    const result = this.#respond();
    if (this.#partialAnswer) this.#partialAnswer.resolve(result);
    else this.#answer?.resolve(result);
  }

  #respond(): ExecutionResult {
    this.#isFinished = true;
    this.#signals.end();
    const data = this.#errors.isDataNull ? null : this.#root.rows[0];
    return this.#errors.count > 0 ? { errors: this.#errors.list(), data } : { data };
  }
}
