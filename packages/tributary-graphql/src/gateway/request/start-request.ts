import type { Logger } from "pino";
import type { CallLog } from "../../core/call-log.ts";
import type { Accepted } from "../http/accept.ts";
import type { ClientInfo } from "../telemetry/client-info.ts";
import { RequestReport } from "../telemetry/request-report.ts";
import type { Deadlines } from "./deadlines.ts";
import { GraphQLRequest, type HeaderSource } from "./graphql-request.ts";
import { RequestLifetime } from "./request-lifetime.ts";

export interface RequestOptions {
  readonly logger: Logger;
  readonly isProduction: boolean;
  readonly showsExceptions: boolean;
  /** Of all requests. */
  readonly deadlines: Deadlines;
  createCallLog(): CallLog;
}

export interface RequestStart {
  readonly id: string;
  readonly client: HeaderSource;
  readonly accepted: Accepted;
  /** What the client said in `x-tributary-calls`. */
  readonly callsHeader: string | null | undefined;
  /** The program, as it calls itself. */
  readonly clientInfo?: ClientInfo | undefined;
  /** As far as it is known. */
  readonly clientAddress?: string | undefined;
  /** Aborted when the client leaves. Default: whoever starts the run tells its lifetime. */
  readonly gone?: AbortSignal;
}

/** How long after its deadline a request that is still not answered is cut off, in milliseconds. */
export const backstopMs = 100;

/** For what has one answer, whatever its directives say. */
export const inOnePiece: Accepted = { single: "application/json", incremental: "2022" };

/** The run of one operation; whoever starts it sees to it that it ends. */
export function startRequest(starting: RequestStart, options: RequestOptions): GraphQLRequest {
  const { id, client, accepted, callsHeader, gone, clientAddress, clientInfo } = starting;
  const { logger, isProduction, showsExceptions, deadlines } = options;
  return new GraphQLRequest({
    id,
    client,
    clientAddress,
    accepted,
    logger,
    calls: options.createCallLog(),
    lifetime: new RequestLifetime({ deadlines, backstopMs, client: gone }),
    report: new RequestReport(clientInfo),
    showsCalls: !isProduction && callsHeader === "1",
    showsExceptions,
  });
}
