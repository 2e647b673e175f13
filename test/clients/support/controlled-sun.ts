import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** The response of the sun service for any location and date. */
export const sunResponse = {
  sunrise: "2026-06-21T01:54:00.000Z",
  sunset: "2026-06-21T20:44:00.000Z",
  solarNoon: "2026-06-21T11:19:00.000Z",
  dayLengthMinutes: 1130,
} as const;

/** A fake sun service. The test triggers its responses, to check the order of events without timers. */
export interface ControlledSun {
  readonly url: string;
  /** Delays the responses to further calls. */
  pause(): void;
  /** Resolves at the next call, or at once if there was a call since `pause`. */
  called(): Promise<void>;
  /** Responds to delayed and further calls. Idempotent. */
  resume(): void;
  /** Like `resume`, with status 500. */
  fail(): void;
  close(): Promise<void>;
}

/** Starts the service on a free port, not paused. */
export async function startControlledSun(): Promise<ControlledSun> {
  let call = Promise.withResolvers<void>();
  let status = Promise.withResolvers<200 | 500>();
  status.resolve(200);
  const server = createServer(async (_request, response) => {
    call.resolve();
    // Not cacheable, so that each test makes a call.
    const headers = { "content-type": "application/json", "cache-control": "no-store" };
    response.writeHead(await status.promise, headers).end(JSON.stringify(sunResponse));
  });
  const listening = once(server, "listening");
  server.listen(0, "127.0.0.1");
  await listening;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pause: () => {
      call = Promise.withResolvers();
      status = Promise.withResolvers();
    },
    called: () => call.promise,
    resume: () => status.resolve(200),
    fail: () => status.resolve(500),
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
