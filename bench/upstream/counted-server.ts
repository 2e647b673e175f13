import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A JSON body; undefined for a 404. */
export type Body = Buffer | undefined;

export interface CountedServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * A service on 127.0.0.1 that counts its calls and simulates latency. `/control/counts` returns `{"calls":n}` since the
 * start, `/control/latency?ms=50` delays further responses, `/control/max-age?seconds=60` makes them cacheable.
 *
 * @param find returns the body of a request target; should be cached, to use little CPU time
 */
export async function startCountedServer(
  port: number,
  find: (target: string) => Body | Promise<Body>,
): Promise<CountedServer> {
  let calls = 0;
  let latencyMs = 0;
  let headers: Readonly<Record<string, string>> = {};
  const control = (target: string): Buffer => {
    const { pathname, searchParams } = new URL(target, "http://upstream.example");
    if (pathname === "/control/latency") latencyMs = Number(searchParams.get("ms"));
    if (pathname === "/control/max-age") headers = { "cache-control": `max-age=${searchParams.get("seconds")}` };
    return Buffer.from(JSON.stringify({ calls }));
  };
  const respond = async (target: string, response: ServerResponse) => {
    if (target.startsWith("/control/")) return send(response, control(target), {});
    calls += 1;
    const found = find(target);
    const body = found instanceof Promise ? await found : found;
    if (latencyMs === 0) send(response, body, headers);
    else setTimeout(() => send(response, body, headers), latencyMs);
  };
  const server = createServer((request, response) => void respond(request.url ?? "/", response));
  server.keepAliveTimeout = 0;
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function send(response: ServerResponse, body: Body, headers: Readonly<Record<string, string>>): void {
  const text = body ?? Buffer.from("{}");
  const all = { "content-type": "application/json", "content-length": text.length, ...headers };
  response.writeHead(body === undefined ? 404 : 200, all).end(text);
}
