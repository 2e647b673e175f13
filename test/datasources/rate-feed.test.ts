import { once } from "node:events";
import { type Logger, pino } from "pino";
import { CallLog } from "tributary-graphql";
import { createRestReads } from "tributary-graphql/rest";
import { createScope, serve } from "tributary-testing/rest-service.ts";
import { expect, test } from "vitest";
import { createCurrencies } from "../../datasources/currency.ts";
import { createRateFeed } from "../../datasources/rate-feed.ts";
import type { RateChange } from "../../datasources/rate-subscriber.ts";

/** A rates service with rates set by the test, and a feed with polls triggered by the test. */
async function createTestFeed() {
  const service = {
    rates: { EUR: 1, USD: 2, NOK: 10 } as Record<string, number>,
    status: 200,
    polls: 0,
    cacheControl: "max-age=3600",
  };
  const rates = await serve((request, response) => {
    service.polls += 1;
    const etag = `"${JSON.stringify(service.rates).length}-${Object.values(service.rates).join("-")}"`;
    const headers = { etag, "cache-control": service.cacheControl, "content-type": "application/json" };
    if (service.status !== 200) response.writeHead(service.status).end();
    else if (request.headers["if-none-match"] === etag) response.writeHead(304, headers).end();
    else response.writeHead(200, headers).end(JSON.stringify({ base: "EUR", rates: service.rates }));
  });
  const lines: Record<string, unknown>[] = [];
  const log: Logger = pino({}, { write: (line: string) => lines.push(JSON.parse(line)) });
  let due = Promise.withResolvers<void>();
  let waits = Promise.withResolvers<AbortSignal>();
  let seconds = 0;
  const feed = createRateFeed({
    rates,
    pollMs: 5_000,
    log,
    createCallLog: () => new CallLog(),
    now: () => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds++)),
    wait: (_ms, signal) => {
      waits.resolve(signal);
      return Promise.race([due.promise, once(signal, "abort").then(() => Promise.reject(signal.reason))]);
    },
  });
  /** Resolves after a poll, when the feed waits for the next one. */
  const polled = () => waits.promise;
  const poll = async () => {
    await polled();
    const now = due;
    due = Promise.withResolvers();
    waits = Promise.withResolvers();
    now.resolve();
    await polled();
  };
  return { feed, rates, service, lines, polled, poll };
}

async function nextChange(changes: AsyncIterator<RateChange, void>): Promise<RateChange> {
  const { done, value } = await changes.next();
  if (done) throw new Error("The subscription has ended.");
  return value;
}

/** Requests the next event, and tells whether it has arrived. */
function requestNext(changes: AsyncIterator<RateChange, void>): {
  next: Promise<IteratorResult<RateChange, void>>;
  hasArrived(): boolean;
} {
  let arrived = false;
  const next = changes.next();
  void next.then(() => {
    arrived = true;
  });
  return { next, hasArrived: () => arrived };
}

const dollars = { from: "EUR", to: "USD" };

test("a subscriber gets the current rate, and an event for each change", async () => {
  const { feed, service, poll } = await createTestFeed();
  const changes = feed.subscribe(dollars);
  expect(await nextChange(changes)).toEqual({
    ...dollars,
    rate: 2,
    previousRate: null,
    at: new Date("2026-01-01T00:00:00Z"),
  });
  service.rates = { ...service.rates, USD: 2.5 };
  await poll();
  expect(await nextChange(changes)).toMatchObject({ rate: 2.5, previousRate: 2, at: new Date("2026-01-01T00:00:01Z") });
});

test("a poll with the same rate sends no event, even if other rates have changed", async () => {
  const { feed, service, poll } = await createTestFeed();
  const changes = feed.subscribe(dollars);
  await nextChange(changes);
  const event = requestNext(changes);
  service.rates = { ...service.rates, NOK: 11 };
  await poll();
  await poll();
  expect(event.hasArrived()).toBe(false);
  service.rates = { ...service.rates, USD: 3 };
  await poll();
  expect(await event.next).toMatchObject({ value: { rate: 3, previousRate: 2 } });
});

test("the feed polls once per interval for any number of subscribers", async () => {
  const { feed, service, polled, poll } = await createTestFeed();
  const subscribers = Array.from({ length: 50 }, (_, index) =>
    feed.subscribe(index % 2 ? dollars : { from: "NOK", to: "EUR" }),
  );
  const first = await Promise.all(subscribers.map(nextChange));
  expect(first.map(({ rate }) => rate)).toEqual(subscribers.map((_, index) => (index % 2 ? 2 : 0.1)));
  await polled();
  expect(service.polls).toBe(1);
  await poll();
  await poll();
  expect(service.polls).toBe(3);
});

test("a later subscriber gets the latest rate without a poll", async () => {
  const { feed, service, polled } = await createTestFeed();
  await nextChange(feed.subscribe(dollars));
  await polled();
  expect(await nextChange(feed.subscribe({ from: "USD", to: "NOK" }))).toMatchObject({ rate: 5, previousRate: null });
  expect(service.polls).toBe(1);
});

test("polling stops when the last subscriber unsubscribes, and starts again with the next one", async () => {
  const { feed, service, polled, poll } = await createTestFeed();
  const [one, two] = [feed.subscribe(dollars), feed.subscribe(dollars)];
  await Promise.all([nextChange(one), nextChange(two)]);
  await one.return();
  const waiting = await polled();
  expect(waiting.aborted).toBe(false);
  await two.return();
  expect(waiting.aborted).toBe(true);
  expect(service.polls).toBe(1);
  service.rates = { ...service.rates, USD: 7 };
  expect(await nextChange(feed.subscribe(dollars))).toMatchObject({ rate: 7, previousRate: null });
  await poll();
  expect(service.polls).toBe(3);
});

test("unsubscribing ends a pending read at once", async () => {
  const { feed } = await createTestFeed();
  const changes = feed.subscribe(dollars);
  await nextChange(changes);
  const waiting = changes.next();
  await changes.return();
  expect(await waiting).toEqual({ done: true, value: undefined });
  expect(await changes.next()).toEqual({ done: true, value: undefined });
});

test("a slow subscriber gets only the latest rate, while a fast one gets every rate", async () => {
  const { feed, service, poll } = await createTestFeed();
  const [slow, fast] = [feed.subscribe(dollars), feed.subscribe(dollars)];
  await Promise.all([nextChange(slow), nextChange(fast)]);
  const seen: (number | null)[] = [];
  for (const rate of [3, 4, 5]) {
    service.rates = { ...service.rates, USD: rate };
    await poll();
    seen.push((await nextChange(fast)).rate);
  }
  expect(seen).toEqual([3, 4, 5]);
  expect(await nextChange(slow)).toMatchObject({ rate: 5, previousRate: 2 });
});

test("a slow subscriber gets no event when the rate has returned to the last one sent", async () => {
  const { feed, service, poll } = await createTestFeed();
  const changes = feed.subscribe(dollars);
  await nextChange(changes);
  for (const rate of [3, 2]) {
    service.rates = { ...service.rates, USD: rate };
    await poll();
  }
  const event = requestNext(changes);
  await poll();
  expect(event.hasArrived()).toBe(false);
});

test("a failed poll sends no event, and only the first of several failures is logged", async () => {
  const { feed, service, lines, poll } = await createTestFeed();
  service.status = 500;
  const changes = feed.subscribe(dollars);
  const event = requestNext(changes);
  await poll();
  await poll();
  expect(event.hasArrived()).toBe(false);
  expect(lines.filter(({ level }) => level === 40)).toMatchObject([{ err: { code: "UPSTREAM_UNAVAILABLE" } }]);
  service.status = 200;
  await poll();
  expect(await event.next).toMatchObject({ value: { rate: 2 } });
  expect(lines.at(-1)?.msg).toBe("polling the rates works again");
});

test("a stale response from the HTTP cache counts as a failed poll", async () => {
  const { feed, rates, service, lines, poll } = await createTestFeed();
  service.cacheControl = "max-age=0, stale-if-error=86400";
  await nextChange(feed.subscribe(dollars));
  service.status = 500;
  await poll();
  await poll();
  expect(rates.cacheStats().stale).toBe(2);
  expect(lines).toMatchObject([
    { level: 40, call: "rates", status: 500, msg: "a service failed: a stale response was served" },
    { level: 40, msg: expect.stringContaining("polling the rates failed") },
  ]);
});

test("a pair without a rate gets the rate null, and an event when it has a rate", async () => {
  const { feed, service, poll } = await createTestFeed();
  const changes = feed.subscribe({ from: "EUR", to: "XXX" });
  expect(await nextChange(changes)).toMatchObject({ rate: null, previousRate: null });
  service.rates = { ...service.rates, XXX: 9 };
  await poll();
  expect(await nextChange(changes)).toMatchObject({ rate: 9, previousRate: null });
});

test("a poll revalidates a fresh response in the cache, and queries then get the new rate", async () => {
  const { feed, rates, service } = await createTestFeed();
  const rate = () => createCurrencies(createRestReads(rates, createScope())).rate("EUR", "USD");
  expect(await rate()).toBe(2);
  service.rates = { ...service.rates, USD: 3 };
  expect(await rate()).toBe(2);
  expect(await nextChange(feed.subscribe(dollars))).toMatchObject({ rate: 3 });
  expect(await rate()).toBe(3);
  expect(service.polls).toBe(2);
});

test("closing the feed ends every subscription", async () => {
  const { feed, polled } = await createTestFeed();
  const changes = feed.subscribe(dollars);
  await nextChange(changes);
  const waiting = changes.next();
  const signal = await polled();
  feed.close();
  expect(await waiting).toMatchObject({ done: true });
  expect(signal.aborted).toBe(true);
});
