import type { Logger } from "pino";
import type { Flights } from "../coalescing/flights.ts";
import type { RequestLimits } from "../limits.ts";
import type { OperationStages } from "../operation-stages.ts";
import type { RequestRun } from "../request-run.ts";
import type { RunOptions } from "../start-run.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { OriginPolicy } from "./origin-policy.ts";

export interface DirectLaneOptions extends RunOptions {
  readonly stages: OperationStages;
  readonly limits: RequestLimits;
  readonly lifecycle: Lifecycle;
  readonly origins: OriginPolicy;
  readonly logger: Logger;
  /** The executions that others may wait for. Unset where each request is executed by itself. */
  readonly flights: Flights | undefined;
  /** Yoga's lane: answers a request whose run has begun, and whose answer turns out to be a stream. */
  handleRun(request: Request, run: RequestRun): Promise<Response>;
}
