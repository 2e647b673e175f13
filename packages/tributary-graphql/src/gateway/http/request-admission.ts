import type { IncomingMessage, ServerResponse } from "node:http";
import type { GraphQLError } from "graphql";
import { httpHintOf, refusal } from "../security/refusal.ts";
import { faultBody } from "../subscriptions/refuse-upgrade.ts";
import { requestFault } from "./request-fault.ts";
import { answerHeaders } from "./security-headers.ts";

/** Requests that wait on one connection for the answer to an earlier one. */
const maxPipelined = 100;

/**
 * Refuses requests by their heads alone, and closes their connections: those that a proxy may read otherwise, and those of a client
 * that sends one after another without waiting for answers (pipelining, RFC 9112, 9.3.2), since all of them are executed at once.
 * Browsers and the usual clients do not.
 */
export class RequestAdmission {
  readonly #pipelined = new WeakMap<object, number>();
  readonly #refused = new WeakSet<object>();

  /** Whether the request may be served. Otherwise it is answered here, after the earlier ones of its connection. */
  admits(request: IncomingMessage, response: ServerResponse): boolean {
    // What follows a refused request may be a part of it.
    if (this.#refused.has(request.socket)) return false;
    // A response has its connection as soon as it is the next one to be written.
    const isPipelined = response.socket === null;
    const fault = requestFault(request) ?? (isPipelined ? this.#pipeliningFault(request, response) : undefined);
    if (fault === undefined) return true;
    this.#refused.add(request.socket);
    refuse(response, fault);
    return false;
  }

  #pipeliningFault({ socket }: IncomingMessage, response: ServerResponse): GraphQLError | undefined {
    const waiting = (this.#pipelined.get(socket) ?? 0) + 1;
    this.#pipelined.set(socket, waiting);
    response.once("close", () => this.#pipelined.set(socket, (this.#pipelined.get(socket) ?? 1) - 1));
    if (waiting <= maxPipelined) return undefined;
    const message = `More than ${maxPipelined} requests wait on this connection for earlier answers.`;
    return refusal("LIMIT_EXCEEDED", message, { status: 429 });
  }
}

function refuse(response: ServerResponse, fault: GraphQLError): void {
  const body = faultBody(fault);
  response.writeHead(httpHintOf(fault)?.status ?? 400, {
    ...answerHeaders,
    connection: "close",
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}
