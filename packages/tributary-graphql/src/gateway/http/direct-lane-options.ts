import type { Logger } from "pino";
import type { Flights } from "../coalescing/flights.ts";
import type { RequestLimits } from "../limits.ts";
import type { OperationStages } from "../pipeline/pipeline.ts";
import type { GraphQLRequest } from "../request/graphql-request.ts";
import type { RequestOptions } from "../request/start-request.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { OriginPolicy } from "./origin-policy.ts";

export interface DirectLaneOptions extends RequestOptions {
  readonly stages: OperationStages;
  readonly limits: RequestLimits;
  readonly lifecycle: Lifecycle;
  readonly origins: OriginPolicy;
  readonly logger: Logger;
  /** The executions that others may wait for. Unset where each request is executed by itself. */
  readonly flights: Flights | undefined;
  /** Yoga's lane: answers a request whose run has begun, and whose answer turns out to be a stream. */
  handleStarted(request: Request, started: GraphQLRequest): Promise<Response>;
}
