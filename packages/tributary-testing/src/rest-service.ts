import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { type Logger, pino } from "pino";
import { CallLog } from "tributary-graphql";
import { createUpstream, type Upstream, type UpstreamOptions } from "tributary-graphql/rest";
import { onTestFinished } from "vitest";

/** Starts a service on a free port until the test has ended. Fulfils with its base URL. */
export async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return baseUrlOf(server);
}

export function baseUrlOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `http://127.0.0.1:${address.port}`;
}

/** Starts a service with this listener, and opens an upstream `cities` for it, until the test has ended. */
export async function serve(listener: RequestListener, options: Partial<UpstreamOptions> = {}): Promise<Upstream> {
  return open({ baseUrl: await listen(listener), ...options });
}

/** Opens an upstream `cities` until the test has ended. */
export function open(options: Partial<UpstreamOptions> & Pick<UpstreamOptions, "baseUrl">): Upstream {
  const upstream = createUpstream({ name: "cities", ...options });
  onTestFinished(() => upstream.close());
  return upstream;
}

export interface TestScope {
  readonly calls: CallLog;
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly headers: Headers;
  /** The warnings that were logged. */
  readonly lines: Record<string, unknown>[];
}

/** The scope of a request, as a reader gets it. */
export function createScope(options: { signal?: AbortSignal; headers?: Record<string, string> } = {}): TestScope {
  const lines: Record<string, unknown>[] = [];
  const log: Logger = pino({ level: "warn" }, { write: (line: string) => lines.push(JSON.parse(line)) });
  const signal = options.signal ?? new AbortController().signal;
  return { calls: new CallLog(), signal, log, headers: new Headers(options.headers), lines };
}

/** The fields of each entry of the call log, without source, name and times. */
export const marksOf = ({ calls }: TestScope) =>
  calls.entries.map(({ source: _, call: __, startMs: ___, durationMs: ____, ...marks }) => marks);

/** A scope whose client can disconnect, and whose deadline can pass. */
export function leaving() {
  const controller = new AbortController();
  return {
    scope: createScope({ signal: controller.signal }),
    clientLeaves: () => controller.abort(new DOMException("The client has left.", "AbortError")),
    deadlinePasses: () => controller.abort(new DOMException("The deadline has passed.", "TimeoutError")),
  };
}
