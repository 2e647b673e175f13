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
import type { ResultSize } from "../result-size.ts";
import { TimeSlice } from "../time-slice.ts";
import { AbortSignals } from "./abort-signals.ts";
import { AbortedExecution } from "./aborted-execution.ts";
import type { Execution } from "./execution.ts";
import type { ExecutionLimits } from "./execution-limits.ts";
import { FieldErrors } from "./field-errors.ts";
import { GatheredLevels, LevelExecution } from "./level.ts";
import type { PendingValue, Untyped } from "./pending-value.ts";
import { PendingValues, type PendingValuesOwner, type Resume } from "./pending-values.ts";
import { RejectionHandlers } from "./rejection-handlers.ts";
import { resolveInfo } from "./resolve-info.ts";
import { type FieldPositions, Level, type Position, type Positions, rootOf } from "./response-positions.ts";
import type { Row } from "./rows.ts";
import type { SelectionPlan } from "./selection-plan.ts";
import { SettledValues } from "./settled-values.ts";
import { unitsPerCheck, type Work } from "./work.ts";

/** Shared by all executions without pending values, which need no set of their own. */
const nonePending: Set<PendingValues<Positions> | Position> = new Set();

/**
 * One execution of a plan. Its work stands on a stack, which can pause after each entry; settled values are pushed on it; and it
 * is finished when the stack is empty and no value is pending. These states depend on each other, so they share this file.
 */
export class OperationExecution implements Execution, PendingValuesOwner<Positions> {
  readonly args: ValidatedExecutionArgs;
  readonly fieldResolver: GraphQLFieldResolver<unknown, unknown> | undefined;
  readonly getAbortSignal = (): AbortSignal => this.#signals.forResolvers();
  readonly size: ResultSize | undefined;
  /** Whether it was aborted or finished before this tick: no resolver is called any more. */
  isStopped = false;
  isPaused = false;
  readonly #limits: ExecutionLimits | undefined;
  readonly #timeSlice: TimeSlice | undefined;
  readonly #signals: AbortSignals;
  readonly #root: Level;
  readonly #errors: FieldErrors;
  readonly rejectionHandlers = new RejectionHandlers();
  /** Promises, and positions of asynchronous iterables that are not exhausted. */
  #pending: Set<PendingValues<Positions> | Position> = nonePending;
  /** The next step of a mutation, for when no value is pending any more. Undefined after the last one. */
  #next: (() => void) | undefined;
  /** A stack; the top is last. */
  readonly #work: Work<Execution>[] = [];
  /** Callbacks that came during a pause. */
  readonly #later: (() => void)[] = [];
  #unitsLeft = unitsPerCheck;
  #isTimeUp = false;
  #resumed: PendingValues<Positions> | undefined;
  /** Whether it was aborted, also in this tick. */
  #isAborted = false;
  #isFinished = false;
  /** The error of all fields that are not executed after an abort. */
  #aborted: Error | undefined;
  /** Whether to finish without pauses. */
  #isGivenUp = false;
  #result: PromiseWithResolvers<ExecutionResult> | undefined;
  #partialResult: PromiseWithResolvers<ExecutionResult> | undefined;

  constructor(
    args: ValidatedExecutionArgs,
    selection: SelectionPlan,
    fieldResolver: GraphQLFieldResolver<unknown, unknown> | undefined,
    limits: ExecutionLimits | undefined,
  ) {
    this.args = args;
    this.fieldResolver = fieldResolver;
    this.#limits = limits;
    this.#timeSlice = limits && new TimeSlice(limits.batchScheduler);
    this.size = limits?.size;
    this.#errors = new FieldErrors(this.rejectionHandlers, limits?.size);
    const late = limits && (() => limits.signal());
    this.#signals = new AbortSignals({ external: args.externalAbortSignal, late }, () => this.#abort());
    this.#root = new Level(selection);
    this.#root.addRoot(args.rootValue);
  }

  /**
   * Executes it. The result is there at once when no value was pending.
   *
   * @throws the reason of a signal that is aborted before the start; `AbortedGraphQLExecutionError` when it is aborted
   *   later. A promise is rejected with that as soon as the signal is aborted.
   */
  start(isSerial: boolean): ExecutionResult | Promise<ExecutionResult> {
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
      const result = this.#buildResult();
      if (this.#signals.isAborted) throw new AbortedGraphQLExecutionError(this.#signals.reason, result);
      return result;
    }
    this.#result = Promise.withResolvers();
    this.#signals.listen();
    if (this.#signals.isAborted) this.#abort();
    return this.#result.promise;
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
    if (!this.isStopped) return this.size?.sizeError;
    this.#aborted ??= new Error("Aborted!");
    return this.#aborted;
  }

  fail(positions: Positions, key: number, error: unknown, dropped?: unknown): void {
    this.rejectionHandlers.addTo(dropped);
    if (!types.isNativeError(error)) this.rejectionHandlers.addTo(error);
    const position = { positions, key };
    // There may be very many such positions below one that is null.
    if ((this.isStopped || this.size?.sizeError !== undefined) && this.#errors.isNulled(position)) return;
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
    this.#timeSlice?.noticePromise(root);
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

  awaitPending(positions: FieldPositions): void {
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

  /** Reads the clock only after many units of work: small executions never do. */
  isTimeUp(units: number): boolean {
    if (this.#isTimeUp) return true;
    this.#unitsLeft -= units;
    if (this.#unitsLeft > 0 || this.#timeSlice === undefined || this.#isGivenUp) return false;
    this.#unitsLeft = unitsPerCheck;
    this.#isTimeUp = this.#timeSlice.isOver(this.#isSmall) || (this.size?.share?.mustWait ?? false);
    return this.#isTimeUp;
  }

  async afterPause(): Promise<void> {
    while (this.isPaused) await new Promise<void>((resolve) => this.#later.push(resolve));
  }

  /** Executes the work on the stack until the time is up. */
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

  /** The same, then the postponed callbacks, and the next step when no value is pending. */
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
      // Errors of resolvers are caught before. Only a bug of the executor gets here, and must not be lost.
      this.#result?.reject(error);
    }
  }

  #pause(): void {
    this.isPaused = true;
    for (const work of this.#work) work.handleRejections(this);
    this.#limits?.batchScheduler().hold();
    const share = this.size?.share;
    if (share?.mustWait) share.wait(() => this.#postpone());
    else this.#postpone();
  }

  #postpone(): void {
    eventLoopBudget.postpone(() => this.#endPause(), this.#isSmall);
  }

  get #isSmall(): boolean {
    return this.size?.isSmall ?? false;
  }

  /** The held batches are dispatched after the postponed work. */
  #endPause(): void {
    if (!this.isPaused) return;
    this.isPaused = false;
    this.#isTimeUp = false;
    this.#errors.endTick();
    this.beginTick();
    this.#continue();
    this.#limits?.batchScheduler().release();
  }

  beginTick(): void {
    this.#timeSlice?.begin();
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

  /** Completes them at once, or after a pause, in order of arrival. */
  onSettled(pending: PendingValues<Positions>): void {
    if (this.isPaused) {
      pending.handleSettledRejections();
      this.#later.push(() => this.#completeSettled(pending));
      return;
    }
    this.beginTick();
    this.#completeSettled(pending);
    this.#continue();
  }

  /** Completes settled values, and then the levels below them. */
  #completeSettled(pending: PendingValues<Positions>): void {
    const settled = pending.takeSettled();
    if (!this.#pending.has(pending) || this.#isNulled(pending)) {
      this.#pending.delete(pending);
      for (const { outcome } of settled) this.rejectionHandlers.addTo(outcome);
      return;
    }
    if (pending.areAllSettled) this.#pending.delete(pending);
    this.#resumed = pending;
    this.push(new GatheredLevels(pending.root));
    this.push(new SettledValues(settled, (pendingValue) => this.#resume(pending, pendingValue)));
  }

  #resume({ resume }: PendingValues<Positions>, pendingValue: PendingValue<Positions>): void {
    const { positions, key, untyped, state, outcome, settledBeforeAbort } = pendingValue;
    pendingValue.state = "done";
    try {
      if (state === "rejected") throw outcome;
      if (this.isStopped && !settledBeforeAbort) throw new Error("Aborted!");
      // Only `waitFor` of this class adds pending values.
      (resume as Resume<Positions, Execution>)(this, positions, key, outcome, untyped);
    } catch (error) {
      this.fail(positions, key, error, untyped ? untyped.value : outcome);
    }
  }

  /**
   * Drops pending values below positions that are null: graphql-js does not wait for them either. Stops at the first one that
   * is still needed, so that the cost of thousands of errors is not quadratic.
   */
  #prune(): void {
    for (const pending of this.#pending) {
      if (!this.#isNulled(pending)) return;
      this.#pending.delete(pending);
    }
  }

  #isNulled(pending: PendingValues<Positions> | Position): boolean {
    if (this.#errors.count === 0) return false;
    return pending instanceof PendingValues ? pending.areAllNulled(this.#errors) : this.#errors.isNulled(pending);
  }

  #abort(): void {
    if (this.#isAborted || this.#isFinished) return;
    this.#isAborted = true;
    this.size?.share?.stop();
    if (this.#result) {
      this.#partialResult = Promise.withResolvers();
      this.#result.reject(
        new AbortedExecution(this.#signals.reason, this.#partialResult.promise, () => this.#giveUp()),
      );
      for (const pending of this.#pending) if (pending instanceof PendingValues) pending.markSettled();
      for (const work of this.#work) if (work instanceof SettledValues) work.markSettled();
    }
    this.#signals.abortResolvers();
  }

  /** After an abort: fails the pending values, and thereby the steps that would follow. */
  #giveUp(): void {
    this.#isGivenUp = true;
    this.#endPause();
    for (const pending of this.#pending) {
      if (pending instanceof PendingValues) {
        pending.giveUp();
        this.onSettled(pending);
        continue;
      }
      this.#pending.delete(pending);
      this.fail(pending.positions, pending.key, new Error("Aborted!"));
      this.#advance();
    }
  }

  #finish(): void {
    const result = this.#buildResult();
    if (this.#partialResult) this.#partialResult.resolve(result);
    else this.#result?.resolve(result);
  }

  #buildResult(): ExecutionResult {
    this.#isFinished = true;
    this.#signals.end();
    const data = this.#errors.isDataNull ? null : this.#root.rows[0];
    return this.#errors.count > 0 ? { errors: this.#errors.list(), data } : { data };
  }
}
