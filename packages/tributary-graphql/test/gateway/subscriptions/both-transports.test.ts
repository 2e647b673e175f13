import type { LogLine } from "tributary-testing/toy-gateway.ts";
import { describe, expect, test } from "vitest";
import { collectEvents } from "./support/collect.ts";
import { type NewsToy, news, newsToy } from "./support/news-toy.ts";
import { nextOf, transports } from "./support/transports.ts";

const failures = ({ lines }: NewsToy): readonly LogLine[] => lines.filter(({ level }) => Number(level) >= 40);

/** The one line of the subscription, which is there as soon as its end is known. */
async function lineOf(toy: NewsToy): Promise<LogLine> {
  for (let turn = 0; turn < 1_000 && !toy.lines.some(({ msg }) => msg === "request"); turn++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  return toy.requestLine();
}

describe.each(transports)("a subscription over $name", ({ subscribe }) => {
  test("gives every event of its source in order, and then the end", async () => {
    const toy = await newsToy();
    toy.source.push(news("one"), news("two"), news("three"));
    toy.source.end();
    const results = await collectEvents(subscribe(toy.url, "subscription Read { news { text } }"));
    expect(results).toEqual(["one", "two", "three"].map((text) => ({ data: { news: { text } } })));
    expect(await lineOf(toy)).toMatchObject({
      operationName: "Read",
      operationType: "subscription",
      outcome: "ok",
      payloads: 3,
    });
  });

  test("gives each event as soon as it is there", async () => {
    const { source, url } = await newsToy();
    const results = subscribe(url, "subscription { news { text } }");
    for (const text of ["one", "two"]) {
      const next = nextOf(results);
      await source.asked();
      source.push(news(text));
      expect(await next).toEqual({ data: { news: { text } } });
    }
  });

  test("has a context of its own for each event, so that no loader remembers what an earlier event read", async () => {
    const { source, url } = await newsToy();
    source.push(news("one"), news("two"));
    source.end();
    const results = await collectEvents(subscribe(url, "subscription { news { readers } }"));
    // The first context was that of subscribing.
    expect(results.map(({ data }) => data)).toEqual([{ news: { readers: 2 } }, { news: { readers: 3 } }]);
  });

  test("masks an unknown error in an event, logs it with the id that the client gets, and goes on", async () => {
    const toy = await newsToy();
    toy.source.push(news("one"), news("two"));
    toy.source.end();
    const [first, second] = await collectEvents(subscribe(toy.url, "subscription { news { text broken } }"));
    expect(first?.data).toEqual({ news: { text: "one", broken: null } });
    expect(second?.data).toEqual({ news: { text: "two", broken: null } });
    const [error] = first?.errors ?? [];
    expect(error).toMatchObject({ message: "Unexpected error.", path: ["news", "broken"] });
    expect(error?.extensions?.code).toBe("INTERNAL_SERVER_ERROR");
    expect(JSON.stringify([first, second])).not.toContain("secret");
    expect(failures(toy).map(({ id, err }) => [id, err])).toEqual([
      [error?.extensions?.id, expect.objectContaining({ message: "secret" })],
      [error?.extensions?.id, expect.objectContaining({ message: "secret" })],
    ]);
    expect(await lineOf(toy)).toMatchObject({ outcome: "partial", errors: { INTERNAL_SERVER_ERROR: 2 } });
  });

  test("tells in its last result, masked, that its source has failed", async () => {
    const toy = await newsToy();
    const results = subscribe(toy.url, "subscription { news { text } }");
    const next = nextOf(results);
    await toy.source.asked();
    toy.source.fail(new Error("secret"));
    expect(await next).toMatchObject({ errors: [{ message: "Unexpected error." }] });
    expect(await results.next()).toMatchObject({ done: true });
    expect(failures(toy)).toMatchObject([{ err: { message: "secret" } }]);
  });

  test("that cannot be opened says why, masked, and ends", async () => {
    const toy = await newsToy();
    const results = await collectEvents(subscribe(toy.url, "subscription { refused { text } }"));
    expect(results).toMatchObject([{ errors: [{ message: "Unexpected error.", path: ["refused"] }] }]);
    expect(await lineOf(toy)).toMatchObject({ outcome: "error", errors: { INTERNAL_SERVER_ERROR: 1 } });
  });

  test("returns its source at once when its client leaves, also while the source is waited for", async () => {
    const toy = await newsToy();
    const results = subscribe(toy.url, "subscription { news { text } }");
    const next = nextOf(results);
    await toy.source.asked();
    toy.source.push(news("one"));
    await next;
    await toy.source.asked();
    await results.return?.();
    await toy.source.returned;
    expect(await lineOf(toy)).toMatchObject({ outcome: "ok", payloads: 1 });
    expect(failures(toy)).toEqual([]);
  });

  test("stops the event that is being executed when its client leaves", async () => {
    const toy = await newsToy();
    const results = subscribe(toy.url, "subscription { news { text slow } }");
    const pending = results.next();
    await toy.source.asked();
    toy.source.push(news("one"));
    const signal = await toy.slowAsked;
    await results.return?.();
    await toy.source.returned;
    expect(signal.reason).toMatchObject({ name: "AbortError" });
    await pending.catch(() => undefined);
    expect(await lineOf(toy)).toMatchObject({ outcome: "ok", payloads: 0 });
    expect(failures(toy)).toEqual([]);
  });

  test("outlives the request's deadline, which each event has for itself", async () => {
    const { source, url } = await newsToy({ requestTimeoutMs: 50 });
    const results = subscribe(url, "subscription { news { text slow } }");
    for (const text of ["one", "two"]) {
      const next = nextOf(results);
      await source.asked();
      source.push(news(text));
      const { data, errors } = await next;
      expect(data).toEqual({ news: { text, slow: null } });
      expect(errors).toMatchObject([{ extensions: { code: "DEADLINE_EXCEEDED" } }]);
    }
  });

  test("is completed when the gateway shuts down, and its source is returned", async () => {
    const toy = await newsToy();
    const results = subscribe(toy.url, "subscription { news { text } }");
    const pending = results.next();
    await toy.source.asked();
    const closed = toy.gateway.close();
    expect(await pending).toMatchObject({ done: true });
    await toy.source.returned;
    await closed;
    expect(await lineOf(toy)).toMatchObject({ outcome: "ok", payloads: 0 });
  });

  test("shows the calls of each event to a client that asks for them, and counts all of them in the log", async () => {
    const toy = await newsToy();
    toy.source.push(news("one"), news("two"));
    toy.source.end();
    const results = await collectEvents(
      subscribe(toy.url, "subscription { news { called } }", { "x-tributary-calls": "1" }),
    );
    for (const { extensions } of results) {
      expect(extensions).toMatchObject({ calls: [{ source: "readers", call: "count", keys: 1, rows: 1 }] });
    }
    expect(await lineOf(toy)).toMatchObject({ calls: { readers: 2 } });
  });

  test("has its fields whole in every event, whatever @defer says", async () => {
    const { source, url } = await newsToy();
    source.push(news("one"));
    source.end();
    const query = "subscription ($later: Boolean = false) { news { text ... @defer(if: $later) { readers } } }";
    expect(await collectEvents(subscribe(url, query))).toEqual([{ data: { news: { text: "one", readers: 2 } } }]);
  });
});
