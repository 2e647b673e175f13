import type { GraphQLObjectType } from "graphql";

/** A value whose object type is not known yet. */
export interface Untyped {
  readonly value: unknown;
  /** Undefined until `resolveType` has named one. */
  readonly type: GraphQLObjectType | undefined;
}

/** One promise and the response position of its value. */
export class PendingValue<Positions> {
  /** Its number among the pending values of its group. */
  readonly index: number;
  readonly positions: Positions;
  readonly key: number;
  readonly promise: Promise<unknown>;
  readonly untyped: Untyped | undefined;
  state: "pending" | "fulfilled" | "rejected" | "done" = "pending";
  /** The value, or the reason of the rejection. */
  outcome: unknown = undefined;
  /** Whether it had settled when the execution was aborted. */
  settledBeforeAbort = false;

  constructor(
    index: number,
    positions: Positions,
    key: number,
    promise: Promise<unknown>,
    untyped: Untyped | undefined,
  ) {
    this.index = index;
    this.positions = positions;
    this.key = key;
    this.promise = promise;
    this.untyped = untyped;
  }
}
