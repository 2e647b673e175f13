import type { GraphQLFieldResolver, GraphQLObjectType, GraphQLResolveInfo, ValidatedExecutionArgs } from "graphql";
import type { ResultSize } from "../result-size.ts";
import type { Resume, Untyped } from "./pending-values.ts";
import type { FieldPositions, Level, Position, Positions } from "./response-positions.ts";
import type { Row } from "./rows.ts";
import type { UnreadValues } from "./unread-values.ts";
import type { Work } from "./work.ts";

/** An execution as its parts see it: those that run levels, complete values and go on with them. */
export interface Execution {
  readonly args: ValidatedExecutionArgs;
  /** Set when the request brings a resolver of its own for the fields that have none. */
  readonly fieldResolver: GraphQLFieldResolver<unknown, unknown> | undefined;
  readonly getAbortSignal: () => AbortSignal;
  /** How much of its result is there; undefined for one that may be of any size. */
  readonly size: ResultSize | undefined;
  readonly unread: UnreadValues;
  /** Whether it has put off the work that it has. */
  readonly isPaused: boolean;
  /** Whether the time was up when it was last looked at. */
  readonly hasNoTime: boolean;
  /** Why no resolver is called any more; undefined as long as they are. */
  readonly stopReason: Error | undefined;
  /** @param dropped what the position was to be made of, where there is something */
  fail(positions: Positions, key: number, error: unknown, dropped?: unknown): void;
  /** What a resolver of this field is told. */
  newInfo(positions: FieldPositions, key: number): GraphQLResolveInfo;
  /** The same, for who decides a type: what the field's resolver was told, if it has one. */
  infoOf(positions: Positions, key: number): GraphQLResolveInfo;
  /**
   * The level that a field's objects of this type are gathered in.
   *
   * @throws GraphQLError for directives that make no sense
   */
  levelOf(positions: FieldPositions, type: GraphQLObjectType): Level;
  /**
   * Takes an object into a level, and gives the row that was made for it.
   *
   * @throws GraphQLError for one object too many
   */
  gather(level: Level, source: unknown, positions: Positions, key: number): Row;
  /**
   * Counts the objects that a level was given at once.
   *
   * @throws GraphQLError for one object too many
   */
  countRows(level: Level, rows: number): void;
  /** Has `resume` called with what the promise gives, together with those of its field that come in the same turn. */
  waitFor(
    resume: Resume<Positions, Execution>,
    positions: Positions,
    key: number,
    promise: PromiseLike<unknown>,
    untyped: Untyped | undefined,
  ): void;
  /** Keeps the execution open for a position whose items are still coming. Gives the way to let go of it. */
  hold(position: Position): () => void;
  /** Puts work on top of what there is. */
  push(work: Work<Execution>): void;
  /** Runs the levels below a field after the work that there is, for what came by itself. */
  executeBelow(positions: FieldPositions): void;
  /** Begins to wait for a field's promises. */
  beginAll(positions: FieldPositions): void;
  /** To be told of work that was done; says whether the rest has to be put off. */
  isTimeUp(units: number): boolean;
  /** Settles when the work that was put off is done. */
  afterPause(): Promise<void>;
  /** To be called at the start of each turn that follows a promise. */
  beginTick(): void;
}
