import { types } from "node:util";
import {
  AbortedGraphQLExecutionError,
  type ExecutionResult,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type ValidatedExecutionArgs,
} from "graphql";
import { eventLoopBudget } from "../event-loop-budget.ts";
import type { HeldBatches } from "../held-batches.ts";
import type { ResultSize } from "../result-size.ts";
import { WorkPeriod } from "../work-period.ts";
import { AbortSignals } from "./abort-signals.ts";
import { AbortedExecution } from "./aborted-execution.ts";
import { ArrivedValues } from "./arrived-values.ts";
import type { Execution } from "./execution.ts";
import { FieldErrors } from "./field-errors.ts";
import { GatheredLevels, LevelExecution } from "./level.ts";
import {
  type PendingValue,
  PendingValues,
  type PendingValuesOwner,
  type Resume,
  type Untyped,
} from "./pending-values.ts";
import { resolveInfo } from "./resolve-info.ts";
import { type FieldPositions, Level, type Position, type Positions, rootOf } from "./response-positions.ts";
import type { Row } from "./rows.ts";
import type { SelectionPlan } from "./selection-plan.ts";
import { UnreadValues } from "./unread-values.ts";
import { unitsPerLook, type Work } from "./work.ts";

/** The bounds of an execution that a gateway serves. */
export interface Bounds {
  /** The signal that may abort the execution. Called when a value is pending, or a resolver asks for the signal. */
  signal(): AbortSignal;
  readonly size: ResultSize;
  /** The batches to hold while it pauses. */
  readonly batches: () => HeldBatches;
}

/** Shared by all executions without pending values, which need no set of their own. */
const nonePending: Set<PendingValues<Positions> | Position> = new Set();

/** One execution of a plan: its work, its pending values, its errors, and its end. */
export class OperationExecution implements Execution, PendingValuesOwner<Positions> {
  readonly args: ValidatedExecutionArgs;
  readonly fieldResolver: GraphQLFieldResolver<unknown, unknown> | undefined;
  readonly getAbortSignal = (): AbortSignal => this.#signals.forResolvers();
  readonly size: ResultSize | undefined;
  /** Whether it was aborted before the present tick began: no resolver is called any more. */
  isStopped = false;
  isPaused = false;
  readonly #bounds: Bounds | undefined;
  readonly #period: WorkPeriod | undefined;
  readonly #signals: AbortSignals;
  readonly #root: Level;
  readonly #errors: FieldErrors;
  readonly unread = new UnreadValues();
  /** Promises, and positions of asynchronous iterables that are not exhausted. */
  #pending: Set<PendingValues<Positions> | Position> = nonePending;
  /** Continues when no value is pending any more. Undefined for the end. */
  #next: (() => void) | undefined;
  /** A stack: the top is last. */
  readonly #work: Work<Execution>[] = [];
  /** Callbacks that came during other work. */
  readonly #later: (() => void)[] = [];
  #unitsLeft = unitsPerLook;
  #isTimeUp = false;
  #resumed: PendingValues<Positions> | undefined;
  #isAborted = false;
  #isFinished = false;
  /** The error of all fields that are not executed since. */
  #aborted: Error | undefined;
  /** The rest is executed without pauses. */
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
   * The response: at once, when no value was pending.
   *
   * @throws the reason of a signal that is aborted before the start; `AbortedGraphQLExecutionError` when it is aborted
   *   meanwhile. A promise is rejected with that as soon as the signal is aborted.
   */
  run(isSerial: boolean): ExecutionResult | Promise<ExecutionResult> {
    this.args.externalAbortSignal?.throwIfAborted();
    if (isSerial) {
      this.#executeSerially(0);
    } else {
      this.push(new LevelExecution(this.#root));
      this.#proceed();
    }
    this.#errors.endTick();
    this.#prune();
    if (this.#pending.size === 0 && !this.isPaused) {
      const result = this.#respond();
      if (this.#signals.isAborted) throw new AbortedGraphQLExecutionError(this.#signals.reason, result);
      return result;
    }
    this.#answer = Promise.withResolvers();
    this.#signals.listen();
    if (this.#signals.isAborted) this.#abort();
    return this.#answer.promise;
  }

  /** The fields of a mutation, one after the other: section 6.2.2 of the specification. */
  #executeSerially(from: number): void {
    const { steps } = this.#root.plan;
    for (let number = from; number < steps.length && !this.#errors.isDataNull; number++) {
      if (this.#isAborted || this.#signals.isAborted) {
        this.#errors.failAll(new Error("Aborted!"));
        return;
      }
      this.#next = () => {
        this.#executeSerially(number + 1);
        if (this.#pending.size === 0 && !this.isPaused) this.#finish();
      };
      this.push(new LevelExecution(this.#root, number, number + 1));
      this.#proceed();
      if (this.isPaused) return;
      this.#prune();
      if (this.#pending.size > 0) return;
    }
    this.#next = undefined;
  }

  get stopReason(): Error | undefined {
    if (!this.isStopped) return this.size?.excess;
    this.#aborted ??= new Error("Aborted!");
    return this.#aborted;
  }

  fail(positions: Positions, key: number, error: unknown, dropped?: unknown): void {
    this.unread.listenWithin(dropped);
    if (!types.isNativeError(error)) this.unread.listenWithin(error);
    const position = { positions, key };
    // There may be very many such positions.
    if ((this.isStopped || this.size?.excess !== undefined) && this.#errors.isGone(position)) return;
    this.#errors.fail(position, error, this.#resumed?.distinctPositions);
  }

  newInfo(positions: FieldPositions, key: number): GraphQLResolveInfo {
    const info = resolveInfo(this, positions, key);
    if (positions.field.keepsInfo) positions.infos[key] = info;
    return info;
  }

  infoOf(positions: Positions, key: number): GraphQLResolveInfo {
    const root = rootOf({ positions, key });
    root.positions.infos[root.key] ??= resolveInfo(this, root.positions, root.key);
    return root.positions.infos[root.key] as GraphQLResolveInfo;
  }

  levelOf(positions: FieldPositions, type: GraphQLObjectType): Level {
    positions.children ??= [];
    for (const level of positions.children) if (level.plan.type === type) return level;
    const level = new Level(positions.field.selectionOf(type, this.args));
    positions.children.push(level);
    return level;
  }

  gather(level: Level, source: unknown, positions: Positions, key: number): Row {
    this.countRows(level, 1);
    return level.add(source, positions, key);
  }

  countRows({ plan }: Level, rows: number): void {
    this.size?.add(rows * plan.fields.length, rows * plan.minCharacters);
  }

  #addPending(pending: PendingValues<Positions> | Position): void {
    if (this.#pending === nonePending) this.#pending = new Set();
    this.#pending.add(pending);
  }

  waitFor(
    resume: Resume<Positions, Execution>,
    positions: Positions,
    key: number,
    promise: PromiseLike<unknown>,
    untyped: Untyped | undefined,
  ): void {
    const { root } = positions;
    this.#period?.noticePromise(root);
    root.pending ??= [];
    for (const pending of root.pending) {
      if (pending.resume !== resume) continue;
      pending.add(positions, key, promise, untyped);
      return;
    }
    const pending = new PendingValues<Positions>(root, resume);
    pending.add(positions, key, promise, untyped);
    root.pending.push(pending);
  }

  hold(position: Position): () => void {
    this.#addPending(position);
    return () => {
      if (this.#pending.delete(position) && !this.isPaused) this.#advance();
    };
  }

  push(work: Work<Execution>): void {
    this.#work.push(work);
  }

  executeBelow(positions: FieldPositions): void {
    this.#work.unshift(new GatheredLevels(positions));
    this.#continue();
  }

  beginAll(positions: FieldPositions): void {
    const { pending } = positions;
    if (pending === undefined) return;
    positions.pending = undefined;
    for (const each of pending) {
      this.#addPending(each);
      each.begin(this);
    }
  }

  get hasNoTime(): boolean {
    return this.#isTimeUp;
  }

  /** Reads the clock after many units of work only, so that small executions never do. */
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

  /** Executes the work on the stack, until its time is up. */
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

  /** The same, then the callbacks that came meanwhile, and then the next step when no value is pending. */
  #continue(): void {
    try {
      this.#proceed();
      while (!this.isPaused) {
        this.#advance();
        const next = this.#later.shift();
        if (next === undefined) return;
        next();
        this.#proceed();
      }
    } catch (error) {
      // No code of an app can throw here. A bug of this code must not be lost.
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
    eventLoopBudget.putOff(() => this.#endPause(), this.#isSmall);
  }

  get #isSmall(): boolean {
    return this.size?.isSmall ?? false;
  }

  /** Batches are dispatched when all work is done that had come until then. */
  #endPause(): void {
    if (!this.isPaused) return;
    this.isPaused = false;
    this.#isTimeUp = false;
    this.#errors.endTick();
    this.beginTick();
    this.#continue();
    this.#bounds?.batches().release();
  }

  beginTick(): void {
    this.#period?.begin();
    this.isStopped = this.#isAborted || this.#isFinished;
  }

  /** Begins the next step when no value is pending any more. */
  #advance(): void {
    this.#prune();
    if (this.#pending.size === 0 && this.#later.length === 0 && !this.#isFinished) {
      if (this.#next) this.#next();
      else this.#finish();
    }
  }

  /** At once, or after the deferred work during a pause, in order of arrival. */
  onArrived(pending: PendingValues<Positions>): void {
    if (this.isPaused) {
      pending.listenToArrived();
      this.#later.push(() => this.#takeArrived(pending));
      return;
    }
    this.beginTick();
    this.#takeArrived(pending);
    this.#continue();
  }

  /** Completes settled values, and then the levels below them. */
  #takeArrived(pending: PendingValues<Positions>): void {
    const arrived = pending.takeArrived();
    if (!this.#pending.has(pending) || this.#isGone(pending)) {
      this.#pending.delete(pending);
      for (const { outcome } of arrived) this.unread.listenWithin(outcome);
      return;
    }
    if (pending.isSettled) this.#pending.delete(pending);
    this.#resumed = pending;
    this.push(new GatheredLevels(pending.root));
    this.push(new ArrivedValues(arrived, (pendingValue) => this.#resume(pending, pendingValue)));
  }

  #resume({ resume }: PendingValues<Positions>, pendingValue: PendingValue<Positions>): void {
    const { positions, key, untyped, state, outcome, settledBeforeAbort } = pendingValue;
    pendingValue.state = "done";
    try {
      if (state === "rejected") throw outcome;
      if (this.isStopped && !settledBeforeAbort) throw new Error("Aborted!");
      // All promises of an execution come from its own `waitFor`.
      (resume as Resume<Positions, Execution>)(this, positions, key, outcome, untyped);
    } catch (error) {
      this.fail(positions, key, error, untyped ? untyped.value : outcome);
    }
  }

  /**
   * Drops pending values below positions that are null: graphql-js does not wait for them either. Stops at the first one that
   * is still needed, so that thousands of errors do not each check all.
   */
  #prune(): void {
    for (const pending of this.#pending) {
      if (!this.#isGone(pending)) return;
      this.#pending.delete(pending);
    }
  }

  #isGone(pending: PendingValues<Positions> | Position): boolean {
    if (this.#errors.count === 0) return false;
    return pending instanceof PendingValues ? pending.isGone(this.#errors) : this.#errors.isGone(pending);
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
      for (const pending of this.#pending) if (pending instanceof PendingValues) pending.markSettled();
      for (const work of this.#work) if (work instanceof ArrivedValues) work.markSettled();
    }
    this.#signals.tellResolvers();
  }

  /** After an abort: fails the pending values, and the steps that would follow. */
  #giveUp(): void {
    this.#isGivenUp = true;
    this.#endPause();
    for (const pending of this.#pending) {
      if (pending instanceof PendingValues) {
        pending.giveUp();
        this.onArrived(pending);
        continue;
      }
      this.#pending.delete(pending);
      this.fail(pending.positions, pending.key, new Error("Aborted!"));
      this.#advance();
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
