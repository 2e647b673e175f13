import type { IncomingMessage, ServerResponse } from "node:http";
import { negotiate } from "./accept.ts";
import type { Connections } from "./connections.ts";
import { FastExchange, type FastPathParts } from "./fast-exchange.ts";
import { memoized } from "./memoized.ts";
import { isJson } from "./read-request.ts";

/**
 * The path of the usual requests: a POST of JSON, and a GET with a query. They are read from and written to `node:http`
 * without a `Request`, and without a `Response` where the answer is in one piece: making those costs several times as much as
 * the rest of the gateway. The answers are the same, byte for byte, as on the path through Yoga, and a test suite compares
 * them.
 */
export class FastPath {
  readonly #parts: FastPathParts;
  readonly #acceptedOf = memoized(negotiate);
  readonly #isJson = memoized(isJson);

  constructor(parts: FastPathParts) {
    this.#parts = parts;
  }

  /** Answers the request, or returns false: then it was not touched. */
  serve(incoming: IncomingMessage, outgoing: ServerResponse, connections: Connections): boolean {
    if (!this.#isUsual(incoming)) return false;
    const accepted = this.#acceptedOf(incoming.headers.accept);
    if (accepted === undefined) return false;
    new FastExchange(incoming, outgoing, accepted, connections, this.#parts).begin();
    return true;
  }

  #isUsual({ method, url = "", headers }: IncomingMessage): boolean {
    if (method === "GET") return url.startsWith("/graphql?") && !headers.accept?.includes("text/html");
    return (
      method === "POST" &&
      url === "/graphql" &&
      this.#isJson(headers["content-type"]) &&
      (headers["content-encoding"] ?? "identity") === "identity"
    );
  }
}
