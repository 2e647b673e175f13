import type { IncomingMessage } from "node:http";

/** Path and query of a request. Not by `new URL()`, which throws on a target such as `//`. */
export function targetOf(request: IncomingMessage): { path: string; query: URLSearchParams } {
  const [path = "/", ...query] = (request.url ?? "/").split("?");
  return { path, query: new URLSearchParams(query.join("?")) };
}
