import { sql } from "kysely";
import { startFakeService } from "tributary-testing/fake-service.ts";
import { next, readMultipart } from "tributary-testing/read-stream.ts";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { type Atlas, useAtlas } from "../support/atlas.ts";
import { useAtlasDatabase } from "../support/databases.ts";

/** Asks as a client that takes a stream; `leave` closes its connection. */
function ask(atlas: Atlas, query: string) {
  const client = new AbortController();
  const request = new Request("http://atlas.test/graphql", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "multipart/mixed" },
    body: JSON.stringify({ query }),
    signal: client.signal,
  });
  return { answer: atlas.fetch(request), leave: () => client.abort() };
}

const moments = [
  ["before anything came", "{ S }"],
  ["between two payloads", "{ __typename ... @defer { S } }"],
] as const;

/** Has a client ask and leave: while `S` is looked up, for the deferred one after its first payload. */
async function askAndLeave(atlas: Atlas, document: string, lookup: string, isLookedUp: () => Promise<unknown>) {
  const { answer, leave } = ask(atlas, document.replace("S", lookup));
  if (document.includes("@defer")) {
    expect((await next(readMultipart(await answer))).data).toEqual({ __typename: "Query" });
    await isLookedUp();
    return leave();
  }
  await isLookedUp();
  leave();
  await expect(answer).rejects.toThrow();
}

describe("the service that is being asked", async () => {
  let asked = Promise.withResolvers<void>();
  let hungUp = Promise.withResolvers<void>();
  beforeEach(() => {
    asked = Promise.withResolvers();
    hungUp = Promise.withResolvers();
  });
  const silent = await startFakeService((_request, response) => {
    response.once("close", hungUp.resolve);
    asked.resolve();
  });
  afterAll(silent.close);
  const atlas = useAtlas("sqlite", { environment: { SUN_URL: silent.url } });

  test.each(moments)("sees its connection closed when the client leaves %s", async (_when, document) => {
    const lookup = `country(code: "NO") { capital { sun { sunrise } } }`;
    await askAndLeave(atlas, document, lookup, () => asked.promise);
    await hungUp.promise;
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

describe.each(["postgres", "mariadb"] as const)("the query that runs on %s", (name) => {
  const atlas = useAtlas(name);
  const database = useAtlasDatabase(name);
  const { lock, unlock, waiting } = locks[name];
  const countWaiting = async () => (await waiting.execute(database().db)).rows.length;

  test.each(moments)("is cancelled when the client leaves %s", async (_when, document) => {
    await database()
      .db.transaction()
      .execute(async (transaction) => {
        await lock.execute(transaction);
        try {
          const isWaiting = () => expect.poll(countWaiting, { interval: 5 }).toBe(1);
          await askAndLeave(atlas, document, "cities(first: 1) { nodes { name } }", isWaiting);
          await expect.poll(countWaiting, { interval: 5 }).toBe(0);
        } finally {
          await unlock.execute(transaction);
        }
      });
  });
});
