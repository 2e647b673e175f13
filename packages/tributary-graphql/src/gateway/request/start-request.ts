import { randomUUID } from "node:crypto";
import type { Accepted } from "../http/accept.ts";
import type { GatewayServices } from "../services.ts";
import type { ClientInfo } from "../telemetry/client-info.ts";
import { RequestReport } from "../telemetry/request-report.ts";
import { type ClientRequest, GraphQLRequest, type Transport } from "./graphql-request.ts";
import { backstopMs, RequestLifetime } from "./request-lifetime.ts";

export interface RequestStart {
  readonly id: string;
  readonly transport: Transport;
  readonly client: ClientRequest;
  readonly accepted: Accepted;
  /** The value of the header `x-tributary-calls`. */
  readonly callsHeader: string | null | undefined;
  /** The value of the header `x-tributary-cost`. */
  readonly costHeader: string | null | undefined;
  /** The client program, as it calls itself. */
  readonly clientInfo?: ClientInfo | undefined;
  /** Unset where it is not known. */
  readonly clientAddress?: string | undefined;
  /** Aborted when the client leaves. Default: the caller ends the lifetime itself. */
  readonly gone?: AbortSignal;
}

/** For a transport that carries an answer in one piece, whatever directives the operation has: a WebSocket. */
export const inOnePiece: Accepted = { single: "application/json", incremental: "2022", takesEvents: true };

/** The caller must end the request. */
export function startRequest(
  start: RequestStart,
  services: Pick<
    GatewayServices,
    | "logger"
    | "declared"
    | "secrets"
    | "metrics"
    | "isProduction"
    | "showsCost"
    | "showsExceptions"
    | "deadlines"
    | "createCallLog"
    | "lifecycle"
    | "rateLimiter"
  >,
): GraphQLRequest {
  const { id, transport, client, accepted, callsHeader, costHeader, clientInfo, clientAddress, gone } = start;
  const { logger, metrics, isProduction, showsExceptions, deadlines, lifecycle } = services;
  const request = new GraphQLRequest({
    id,
    transport,
    client,
    clientAddress,
    accepted,
    logger,
    calls: services.createCallLog(),
    lifetime: new RequestLifetime({ deadlines, backstopMs, client: gone }),
    report: new RequestReport(clientInfo, metrics?.requests),
    showsCalls: !isProduction && callsHeader === "1",
    showsCost: services.showsCost && costHeader === "1",
    showsExceptions,
    declared: services.declared,
    secrets: services.secrets,
  });
  lifecycle.track(request);
  request.charge = services.rateLimiter?.charge(request);
  return request;
}

const saneId = /^[\w.:-]{1,100}$/;

/** The id that a proxy gave the request in `x-request-id`, if it is safe in a log; otherwise a new one. */
export function requestIdOf(given: string | null | undefined): string {
  return given != null && saneId.test(given) ? given : randomUUID();
}
