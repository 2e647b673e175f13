import type { GraphQLFieldResolver, GraphQLObjectType, GraphQLResolveInfo, ValidatedExecutionArgs } from "graphql";
import type { ResultSize } from "../result-size.ts";
import type { Untyped } from "./pending-value.ts";
import type { Resume } from "./pending-values.ts";
import type { RejectionHandlers } from "./rejection-handlers.ts";
import type { FieldPositions, Level, Position, Positions } from "./response-positions.ts";
import type { Row } from "./rows.ts";
import type { Work } from "./work.ts";

/** The part of an execution that levels and the completion of values need. */
export interface Execution {
  readonly args: ValidatedExecutionArgs;
  /** The request's own default resolver; undefined for that of graphql-js. */
  readonly fieldResolver: GraphQLFieldResolver<unknown, unknown> | undefined;
  readonly getAbortSignal: () => AbortSignal;
  /** The size of the result so far; undefined for one without limits. */
  readonly size: ResultSize | undefined;
  readonly rejectionHandlers: RejectionHandlers;
  /** Whether its work is postponed. */
  readonly isPaused: boolean;
  /** Whether the time was up at the last check. */
  readonly hasNoTime: boolean;
  /** Set when no resolver is called any more: the error of the fields that are not executed. */
  readonly stopReason: Error | undefined;
  /** @param dropped the value that the position does not get, if there is one */
  fail(positions: Positions, key: number, error: unknown, dropped?: unknown): void;
  /** The `info` for a resolver of this field. */
  newInfo(positions: FieldPositions, key: number): GraphQLResolveInfo;
  /** The same for a type resolver: the `info` of the field's resolver, if it has one. */
  infoOf(positions: Positions, key: number): GraphQLResolveInfo;
  /**
   * The level in which a field's objects of this type are gathered.
   *
   * @throws GraphQLError for invalid directives
   */
  levelOf(positions: FieldPositions, type: GraphQLObjectType): Level;
  /**
   * Adds an object to a level. Returns the row that was made for it.
   *
   * @throws GraphQLError for an object beyond the limit
   */
  gather(level: Level, source: unknown, positions: Positions, key: number): Row;
  /**
   * Counts objects that were added to a level at once.
   *
   * @throws GraphQLError for objects beyond the limit
   */
  countRows(level: Level, rows: number): void;
  /** Calls `resume` with the settled value, together with the values of its field that settle in the same tick. */
  waitFor(
    resume: Resume<Positions, Execution>,
    positions: Positions,
    key: number,
    promise: PromiseLike<unknown>,
    untyped: Untyped | undefined,
  ): void;
  /** Marks a position whose items are still coming as pending. Returns a function that ends this. */
  hold(position: Position): () => void;
  /** Pushes work on top of the stack. */
  push(work: Work<Execution>): void;
  /** Executes the levels below a field after all other work: for an item of an asynchronous iterable. */
  executeBelow(positions: FieldPositions): void;
  /** Begins to wait for the pending values of a field. */
  awaitPending(positions: FieldPositions): void;
  /** Counts work that was done. Returns whether the rest has to be postponed. */
  isTimeUp(units: number): boolean;
  /** Resolves when the postponed work is done. */
  afterPause(): Promise<void>;
  /** To be called at the start of each tick in which a promise has settled. */
  beginTick(): void;
}
