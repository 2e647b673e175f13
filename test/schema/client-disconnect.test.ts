import { sql } from "kysely";
import { startFakeService } from "tributary-testing/fake-service.ts";
import { next, readMultipart } from "tributary-testing/read-stream.ts";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { type Atlas, useAtlas } from "../support/atlas.ts";
import { useAtlasDatabase } from "../support/databases.ts";

/** Sends a query that accepts incremental delivery; `disconnect` closes the connection. */
function send(atlas: Atlas, query: string) {
  const client = new AbortController();
  const request = new Request("http://atlas.test/graphql", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "multipart/mixed" },
    body: JSON.stringify({ query }),
    signal: client.signal,
  });
  return { response: atlas.fetch(request), disconnect: () => client.abort() };
}

const moments = [
  ["before the first payload", "{ S }"],
  ["between two payloads", "{ __typename ... @defer { S } }"],
] as const;

/** Sends a query and disconnects while `S` is pending; with `@defer`, after the first payload. */
async function sendAndDisconnect(atlas: Atlas, document: string, field: string, hasStarted: () => Promise<unknown>) {
  const { response, disconnect } = send(atlas, document.replace("S", field));
  if (document.includes("@defer")) {
    expect((await next(readMultipart(await response))).data).toEqual({ __typename: "Query" });
    await hasStarted();
    return disconnect();
  }
  await hasStarted();
  disconnect();
  await expect(response).rejects.toThrow();
}

describe("a pending call to a service", async () => {
  let called = Promise.withResolvers<void>();
  let closed = Promise.withResolvers<void>();
  beforeEach(() => {
    called = Promise.withResolvers();
    closed = Promise.withResolvers();
  });
  const silent = await startFakeService((_request, response) => {
    response.once("close", closed.resolve);
    called.resolve();
  });
  afterAll(silent.close);
  const atlas = useAtlas("sqlite", { environment: { SUN_URL: silent.url } });

  test.each(moments)("is aborted when the client disconnects %s", async (_when, document) => {
    const field = `country(code: "NO") { capital { sun { sunrise } } }`;
    await sendAndDisconnect(atlas, document, field, () => called.promise);
    await closed.promise;
  });
});

const locks = {
  postgres: {
    lock: sql`lock table city in access exclusive mode`,
    unlock: sql`select 1`,
    waiting: sql`select pid from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like '%city%'`,
  },
  mariadb: {
    lock: sql`lock tables city write`,
    unlock: sql`unlock tables`,
    waiting: sql`select id from information_schema.processlist
      where db = database() and state like 'Waiting for table%' and info like '%city%'`,
  },
} as const;

describe.each(["postgres", "mariadb"] as const)("a pending query on %s", (name) => {
  const atlas = useAtlas(name);
  const database = useAtlasDatabase(name);
  const { lock, unlock, waiting } = locks[name];
  const countWaiting = async () => (await waiting.execute(database().db)).rows.length;

  test.each(moments)("is canceled when the client disconnects %s", async (_when, document) => {
    await database()
      .db.transaction()
      .execute(async (transaction) => {
        await lock.execute(transaction);
        try {
          const isWaiting = () => expect.poll(countWaiting, { interval: 5 }).toBe(1);
          await sendAndDisconnect(atlas, document, "cities(first: 1) { nodes { name } }", isWaiting);
          await expect.poll(countWaiting, { interval: 5 }).toBe(0);
        } finally {
          await unlock.execute(transaction);
        }
      });
  });
});
