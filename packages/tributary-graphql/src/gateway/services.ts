import type { GraphQLSchema } from "graphql";
import type { Logger } from "pino";
import type { CallLog } from "../core/call-log.ts";
import type { CostEstimator } from "./cost/cost-estimator.ts";
import type { Executor } from "./execution/breadth-first/execute.ts";
import type { Lifecycle } from "./http/lifecycle.ts";
import type { OriginPolicy } from "./http/origin-policy.ts";
import type { TrustedProxies } from "./http/trusted-proxies.ts";
import type { RequestLimits } from "./limits.ts";
import type { RateLimiter } from "./rate-limit/rate-limiter.ts";
import type { Deadlines } from "./request/deadlines.ts";
import type { DeclaredHeaders } from "./request/declared-headers.ts";
import type { GraphQLRequestScope } from "./request/graphql-request.ts";
import type { CheckedDocuments } from "./security/checked-documents.ts";
import type { ConnectionLimiter } from "./subscriptions/connection-limiter.ts";
import type { Metrics } from "./telemetry/metrics/metrics.ts";
import type { SecretInputs } from "./telemetry/secret-inputs.ts";
import type { TrustedDocuments } from "./trusted-documents/trusted-documents.ts";

/** The services that all requests of one gateway share. `createGateway` makes them once. */
export interface GatewayServices {
  /** With the changes that plugins made to it. */
  readonly schema: GraphQLSchema;
  readonly logger: Logger;
  /** Hides suggestions in messages, and the call log. */
  readonly isProduction: boolean;
  /** Whether clients read the message of an unexpected error. */
  readonly showsExceptions: boolean;
  /** Whether clients that ask for it get the cost of their operation. */
  readonly showsCost: boolean;
  readonly limits: RequestLimits;
  readonly documents: CheckedDocuments;
  /** Unset where they are off. */
  readonly trustedDocuments: TrustedDocuments | undefined;
  readonly costs: CostEstimator;
  readonly executor: Executor;
  createContext(scope: GraphQLRequestScope): object;
  createCallLog(): CallLog;
  /** Unset where nothing is counted. */
  readonly metrics: Metrics | undefined;
  readonly deadlines: Deadlines;
  readonly lifecycle: Lifecycle;
  readonly origins: OriginPolicy;
  /** The parts of a client's request that an app may read. */
  readonly declared: DeclaredHeaders;
  /** The inputs whose values no log line may have. */
  readonly secrets: SecretInputs;
  readonly proxies: TrustedProxies;
  /** Unset where requests are not limited. */
  readonly rateLimiter: RateLimiter | undefined;
  /** Of WebSockets and event streams. */
  readonly connectionLimiter: ConnectionLimiter;
  /** How often an open event stream sends a comment, in milliseconds. */
  readonly heartbeatMs: number;
}
