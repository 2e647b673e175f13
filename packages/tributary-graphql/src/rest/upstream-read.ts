import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { RequestScope } from "../core/request-scope.ts";
import type { Path } from "./path.ts";
import type { InvalidRows } from "./valid-rows.ts";

/** The members of the request scope that a call to a service needs. */
export type UpstreamScope = Pick<RequestScope, "calls" | "signal" | "log" | "headers"> &
  Partial<Pick<RequestScope, "scheduleBatch" | "traceContext">>;

/** The output type of a schema. */
export type Output<Schema extends StandardSchemaV1> = StandardSchemaV1.InferOutput<Schema>;

/** One read of a service. */
export interface UpstreamRead<Schema extends StandardSchemaV1> {
  /** The name in the call log. */
  readonly call: string;
  /** The number of distinct keys of the read. */
  readonly keys: number;
  /** A path below the base URL, or a whole URL that the service has sent; a URL of another origin is refused. */
  readonly path: Path | URL;
  /** A string is sent unchanged, so it must be encoded. */
  readonly query?: URLSearchParams | string;
  /** The schema of the body: any Standard Schema, as zod, valibot and arktype make them. */
  readonly body: Schema;
  /**
   * Whether to revalidate a cached response even while it is fresh. The response is cached for other reads. Default
   * false.
   */
  readonly revalidate?: boolean;
  /** The number of rows of a body. Default: that of `rowsOf`, or the length of an array, else 1. */
  rows?(body: Output<Schema>): number;
  /**
   * Finds the rows of a body. Invalid rows are then left out of the body and listed in `invalid`. Default: an invalid
   * row makes the body invalid.
   */
  rowsOf?(body: Output<Schema>): readonly unknown[];
}

/** A read that is sent as a POST, because its parameters do not fit into a URL. It must not write. */
export interface UpstreamPost<Schema extends StandardSchemaV1> extends UpstreamRead<Schema> {
  /** Sent as JSON. */
  readonly json: unknown;
}

/** Shared with identical reads, also of other requests, and so deeply frozen where possible. */
export interface UpstreamAnswer<Body> {
  readonly body: Body;
  readonly headers: ResponseHeaders;
  /** The rows that were left out, for a read with `rowsOf`; undefined if there are none. */
  readonly invalid?: InvalidRows | undefined;
}

export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>;
