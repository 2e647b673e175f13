import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What the sun service answers, wherever and whenever it is asked for. */
export const sunAnswer = {
  sunrise: "2026-06-21T01:54:00.000Z",
  sunset: "2026-06-21T20:44:00.000Z",
  solarNoon: "2026-06-21T11:19:00.000Z",
  dayLengthMinutes: 1130,
} as const;

/** A sun service that answers only when the test says so, so that an order of events can be shown without a clock. */
export interface HeldSun {
  readonly url: string;
  /** From now on questions wait. */
  hold(): void;
  /** Fulfils as soon as a question waits. */
  asked(): Promise<void>;
  /** Answers the questions that wait, and those still to come. Does nothing when they are answered already. */
  release(): void;
  /** As `release`, but with status 500. */
  fail(): void;
  close(): Promise<void>;
}

/** Starts one on a free port. It does not hold questions back before `hold` is called. */
export async function startHeldSun(): Promise<HeldSun> {
  let question = Promise.withResolvers<void>();
  let status = Promise.withResolvers<200 | 500>();
  status.resolve(200);
  const server = createServer(async (_request, response) => {
    question.resolve();
    // Never from a cache: the next test wants to hold back its answer too.
    const headers = { "content-type": "application/json", "cache-control": "no-store" };
    response.writeHead(await status.promise, headers).end(JSON.stringify(sunAnswer));
  });
  const listening = once(server, "listening");
  server.listen(0, "127.0.0.1");
  await listening;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hold: () => {
      question = Promise.withResolvers();
      status = Promise.withResolvers();
    },
    asked: () => question.promise,
    release: () => status.resolve(200),
    fail: () => status.resolve(500),
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
