import { types } from "node:util";
import {
  AbortedGraphQLExecutionError,
  type ExecutionResult,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type ValidatedExecutionArgs,
} from "graphql";
import { AbortSignals } from "./abort-signals.ts";
import { AbortedExecution } from "./aborted-execution.ts";
import { FieldErrors } from "./field-errors.ts";
import { runLevel, runStep } from "./level.ts";
import { type FieldPlaces, Level, type Place, type Places, rootOf } from "./places.ts";
import { resolveInfo } from "./resolve-info.ts";
import type { SelectionPlan } from "./selection-plan.ts";
import { UnreadValues } from "./unread-values.ts";
import { type Awaited, type Resume, type Untyped, type Waiter, Waiting } from "./waiting.ts";

/** One execution of a plan: what it waits for, its errors, and how it ends. */
export class Execution implements Waiter {
  readonly args: ValidatedExecutionArgs;
  /** Set when the request brings a resolver of its own for the fields that have none. */
  readonly fieldResolver: GraphQLFieldResolver<unknown, unknown> | undefined;
  readonly getAbortSignal = (): AbortSignal => this.#signals.forResolvers();
  /** Whether it was aborted before the present turn began: no resolver is called any more. */
  isStopped = false;
  readonly unread = new UnreadValues();
  readonly #signals: AbortSignals;
  readonly #root: Level;
  readonly #errors = new FieldErrors(this.unread);
  readonly #isPlaceGone = (place: Place): boolean => this.#errors.isGone(place);
  /** Promises, and places whose items are still coming. */
  readonly #waits = new Set<Waiting | Place>();
  /** What comes when nothing is waited for any more. */
  #next: () => void = () => this.#finish();
  #resumed: Waiting | undefined;
  #isAborted = false;
  #isFinished = false;
  #answer: PromiseWithResolvers<ExecutionResult> | undefined;
  #partialAnswer: PromiseWithResolvers<ExecutionResult> | undefined;

  constructor(
    args: ValidatedExecutionArgs,
    selection: SelectionPlan,
    fieldResolver: GraphQLFieldResolver<unknown, unknown> | undefined,
    lateSignal: (() => AbortSignal) | undefined,
  ) {
    this.args = args;
    this.fieldResolver = fieldResolver;
    this.#signals = new AbortSignals({ external: args.externalAbortSignal, late: lateSignal }, () => this.#abort());
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
      this.#root.plan.prepare(1);
      this.#runSerially(0);
    } else {
      runLevel(this, this.#root);
    }
    this.#errors.endSyncTurn();
    this.#dropNeedless();
    if (this.#waits.size === 0) {
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
      runStep(this, this.#root, number);
      this.#dropNeedless();
      if (this.#waits.size > 0) {
        this.#next = () => {
          this.#runSerially(number + 1);
          if (this.#waits.size === 0) this.#finish();
        };
        return;
      }
    }
    this.#next = () => this.#finish();
  }

  /** @param dropped what the place was to be made of, where there is something */
  fail(places: Places, key: number, error: unknown, dropped?: unknown): void {
    this.unread.listenWithin(dropped);
    if (!types.isNativeError(error)) this.unread.listenWithin(error);
    this.#errors.fail({ places, key }, error, this.#resumed?.distinctPlaces);
  }

  /** What a resolver of this field is told. */
  newInfo(places: FieldPlaces, key: number): GraphQLResolveInfo {
    const info = resolveInfo(this, places, key);
    if (places.field.keepsInfo) places.infos[key] = info;
    return info;
  }

  /** The same, for who decides a type: what the field's resolver was told, if it has one. */
  infoOf(places: Places, key: number): GraphQLResolveInfo {
    const root = rootOf({ places, key });
    root.places.infos[root.key] ??= resolveInfo(this, root.places, root.key);
    return root.places.infos[root.key] as GraphQLResolveInfo;
  }

  /**
   * The level that a field's objects of this type are gathered in.
   *
   * @throws GraphQLError for directives that make no sense
   */
  levelOf(places: FieldPlaces, type: GraphQLObjectType): Level {
    places.children ??= [];
    for (const level of places.children) if (level.plan.type === type) return level;
    const level = new Level(places.field.selectionOf(type, this.args));
    places.children.push(level);
    return level;
  }

  /** Has `resume` called with what the promise gives, together with those of its field that come in the same turn. */
  waitFor(
    resume: Resume,
    places: Places,
    key: number,
    promise: PromiseLike<unknown>,
    untyped: Untyped | undefined,
  ): void {
    const { root } = places;
    root.waiting ??= [];
    for (const waiting of root.waiting) {
      if (waiting.resume !== resume) continue;
      waiting.add(places, key, promise, untyped);
      return;
    }
    const waiting = new Waiting(root, resume);
    waiting.add(places, key, promise, untyped);
    root.waiting.push(waiting);
  }

  /** Keeps the execution open for a place whose items are still coming. Gives the way to let go of it. */
  hold(place: Place): () => void {
    this.#waits.add(place);
    return () => {
      if (this.#waits.delete(place)) this.goOn();
    };
  }

  /** Runs the levels below a field, and begins to wait for its promises. */
  runGathered(places: FieldPlaces): void {
    const { children, waiting } = places;
    if (children !== undefined) {
      places.children = undefined;
      for (const level of children) runLevel(this, level);
    }
    if (waiting !== undefined) {
      places.waiting = undefined;
      for (const each of waiting) {
        this.#waits.add(each);
        each.begin(this);
      }
    }
  }

  /** To be called at the start of each turn that follows a promise. */
  beginTurn(): void {
    this.isStopped = this.#isAborted || this.#isFinished;
  }

  /** To be called at its end: when nothing is waited for any more, what comes next comes. */
  goOn(): void {
    this.#dropNeedless();
    if (this.#waits.size === 0 && !this.#isFinished) this.#next();
  }

  onArrived(waiting: Waiting): void {
    const arrived = waiting.takeArrived();
    if (!this.#waits.has(waiting) || this.#isGone(waiting)) {
      this.#waits.delete(waiting);
      for (const { outcome } of arrived) this.unread.listenWithin(outcome);
      return;
    }
    if (waiting.isSettled) this.#waits.delete(waiting);
    this.#turn(waiting, () => {
      for (const awaited of arrived) this.#resume(waiting, awaited);
      this.runGathered(waiting.root);
    });
  }

  #turn(waiting: Waiting, work: () => void): void {
    try {
      this.beginTurn();
      this.#resumed = waiting;
      work();
      this.#resumed = undefined;
      this.goOn();
    } catch (error) {
      // Nothing of a request's can throw here. A fault of this code has to reach somebody.
      this.#answer?.reject(error);
    }
  }

  #resume({ resume }: Waiting, awaited: Awaited): void {
    const { places, key, untyped, state, outcome, isEarly } = awaited;
    awaited.state = "done";
    try {
      if (state === "rejected") throw outcome;
      if (this.isStopped && !isEarly) throw new Error("Aborted!");
      resume(this, places, key, outcome, untyped);
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

  #isGone(wait: Waiting | Place): boolean {
    if (this.#errors.count === 0) return false;
    return wait instanceof Waiting ? wait.isGone(this.#isPlaceGone) : this.#isPlaceGone(wait);
  }

  #abort(): void {
    if (this.#isAborted || this.#isFinished) return;
    this.#isAborted = true;
    if (this.#answer) {
      this.#partialAnswer = Promise.withResolvers();
      this.#answer.reject(
        new AbortedExecution(this.#signals.reason, this.#partialAnswer.promise, () => this.#giveUp()),
      );
      for (const wait of this.#waits) if (wait instanceof Waiting) wait.keepEarly();
    }
    this.#signals.tellResolvers();
  }

  /** After an abort: what has not come yet is failed, and what was to follow it. */
  #giveUp(): void {
    for (const wait of this.#waits) {
      if (wait instanceof Waiting) {
        wait.giveUp();
        this.onArrived(wait);
        continue;
      }
      this.#waits.delete(wait);
      this.fail(wait.places, wait.key, new Error("Aborted!"));
      this.goOn();
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
