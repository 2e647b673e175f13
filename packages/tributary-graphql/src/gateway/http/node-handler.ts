import type { IncomingMessage, ServerResponse } from "node:http";
import { createServerAdapter } from "@whatwg-node/server";
import type { Logger } from "pino";
import { errorFields } from "../telemetry/error-fields.ts";
import type { Connections } from "./connections.ts";
import type { FastPath } from "./fast-path.ts";
import { unexpectedResponse } from "./json-response.ts";
import { RequestAdmission } from "./request-admission.ts";
import { sendResponse } from "./send-response.ts";
import { TrustedProxies } from "./trusted-proxies.ts";

export interface NodeHandlerOptions {
  /** Answers the requests that the fast path leaves. */
  handle(request: Request, clientAddress?: string): Promise<Response>;
  readonly logger: Logger;
  /** Whether connections are to be closed after their next answer. */
  areLeaving(): boolean;
  /** Default: every request goes to `handle`. */
  readonly fastPath?: FastPath | undefined;
  /** Default: none. */
  readonly proxies?: TrustedProxies | undefined;
}

export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** Answers requests of a `node:http` server: over the fast path, or by a fetch handler. Does not throw. */
export function createNodeHandler(options: NodeHandlerOptions): NodeHandler {
  const { handle, logger, areLeaving, fastPath, proxies = new TrustedProxies() } = options;
  const adapter = createServerAdapter<{ req?: IncomingMessage }>(async (request, { req }) => {
    try {
      return await handle(request, req && proxies.clientAddress(req));
    } catch (error) {
      if (request.signal.aborted) throw error;
      logger.error({ err: errorFields(error) }, "a request could not be answered");
      return unexpectedResponse();
    }
  });
  const send = async (answering: Promise<Response> | Response, response: ServerResponse) => {
    try {
      const answer = await answering;
      if (areLeaving()) response.setHeader("connection", "close");
      if (!answer.headers.has("x-content-type-options")) response.setHeader("x-content-type-options", "nosniff");
      await sendResponse(answer, response);
    } catch (error) {
      if (!response.destroyed) logger.error({ err: errorFields(error) }, "a request could not be answered");
      response.destroy();
    }
  };
  const connections: Connections = {
    get areLeaving() {
      return areLeaving();
    },
    clientAddress: (request) => proxies.clientAddress(request),
    send: (answering, response) => void send(answering, response),
  };
  const admission = new RequestAdmission();
  return (request, response) => {
    if (!admission.admits(request, response)) return;
    proxies.clean(request);
    request.url = pathOf(request.url);
    if (fastPath?.serve(request, response, connections)) return;
    void send(adapter.handleNodeRequestAndResponse(request, response, { req: request }), response);
  };
}

/** A request may name the whole address instead of the path (RFC 9112, 3.2.2), of the host that its `Host` header names. */
function pathOf(target = "/"): string {
  if (target.startsWith("/")) return target;
  const url = URL.parse(target);
  return url && /^https?:$/.test(url.protocol) ? url.pathname + url.search : target;
}
