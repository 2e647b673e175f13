import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { RequestScope } from "../core/request-scope.ts";
import type { Path } from "./path.ts";
import type { InvalidRows } from "./valid-rows.ts";

/** The members of a request that a call to a service needs. */
export type UpstreamScope = Pick<RequestScope, "calls" | "signal" | "log" | "headers"> &
  Partial<Pick<RequestScope, "scheduleBatch">>;

/** The result of a schema for a body. */
export type Output<Schema extends StandardSchemaV1> = StandardSchemaV1.InferOutput<Schema>;

/** One read of a service. */
export interface UpstreamRead<Schema extends StandardSchemaV1> {
  /** The name in the call log. */
  readonly call: string;
  /** The number of distinct keys that the read asks for. */
  readonly keys: number;
  /** A path below the base URL, or a whole URL that the service gave out itself; one of another origin is refused. */
  readonly path: Path | URL;
  /** Text is taken as it is, so it must be encoded. */
  readonly query?: URLSearchParams | string;
  /** The schema of the body: any Standard Schema, as zod, valibot and arktype make them. */
  readonly body: Schema;
  /**
   * Asks the service whether what the HTTP cache holds is still right, however fresh it is, and leaves the answer there
   * for others. Default: not asked while it is fresh.
   */
  readonly revalidate?: boolean;
  /** How many rows a body has. Default: as many as `rowsOf` finds, or an array's length, else 1. */
  rows?(body: Output<Schema>): number;
  /**
   * Finds the rows of a body. Those that are not as declared are then left out of it and told in `invalid`, and the rest
   * stands. Default: none, and a body with one of them is invalid.
   */
  rowsOf?(body: Output<Schema>): readonly unknown[];
}

/** A read that is sent as a POST, because its question does not fit into a URL. It changes nothing at the service. */
export interface UpstreamPost<Schema extends StandardSchemaV1> extends UpstreamRead<Schema> {
  /** Sent as JSON. */
  readonly json: unknown;
}

/** Shared with all that read the same at the same time, in other requests too, and so frozen at every depth where it can be. */
export interface UpstreamAnswer<Body> {
  readonly body: Body;
  readonly headers: AnswerHeaders;
  /** The rows that were left out, where the read says by `rowsOf` where rows are; undefined when there are none. */
  readonly invalid?: InvalidRows | undefined;
}

export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>;
