import type { IncomingMessage } from "node:http";

/** The path and query of a request. `new URL()` would throw for a target such as `//`. */
export function targetOf(request: IncomingMessage): { path: string; query: URLSearchParams } {
  const [path = "/", ...query] = (request.url ?? "/").split("?");
  return { path, query: new URLSearchParams(query.join("?")) };
}
