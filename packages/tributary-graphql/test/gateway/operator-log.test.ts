import { sql } from "kysely";
import { useBlankDatabases } from "tributary-testing/databases.ts";
import { serve } from "tributary-testing/rest-service.ts";
import { type ToyOptions, toyGateway } from "tributary-testing/toy-gateway.ts";
import { expect, test } from "vitest";
import { z } from "zod";
import { path } from "../../src/rest/path.ts";
import { openDatabase } from "../../src/sql/open.ts";
import { read } from "../../src/sql/statements/read.ts";

const blank = useBlankDatabases("sqlite");

const sdl =
  'type Query { city(id: Int = 7): String weather(of: String = "Oslo"): Int station(id: String, next: Boolean = false): Int named(name: String): Int gone: String fails: Int }';

/** A graph over a database and a service that answers with `status`. */
async function toy(status: number, options: ToyOptions = {}) {
  const database = await openDatabase<object>(await blank());
  await sql`create table city (id integer primary key, name text)`.execute(database.db);
  const upstream = await serve((_request, response) => response.writeHead(status).end("1"));
  const gateway = toyGateway(
    sdl,
    {
      Query: {
        city: async (_, { id }, scope) =>
          (await read(database, scope, "cityById", 1, sql<{ name: string }>`select name from city where id = ${id}`))[0]
            ?.name,
        weather: async (_, { of }, scope) =>
          (
            await upstream.get(scope, {
              call: "weather",
              keys: 1,
              path: "/weather",
              query: new URLSearchParams({ of: String(of), unit: "C" }),
              body: z.number(),
            })
          ).body,
        station: async (_, { id, next }, scope) =>
          (
            await upstream.get(scope, {
              call: "station",
              keys: 1,
              path: next
                ? new URL(`${upstream.baseUrl}/pages/of/${id}?cursor=${id}`)
                : path`/stations/${String(id)}/rain`,
              body: z.number(),
            })
          ).body,
        named: async (_, { name }, scope) =>
          (
            await read(
              database,
              scope,
              "named",
              1,
              sql<{
                id: number;
              }>`select id, ${sql.lit("it's")} as "a '1" from city where name = ${sql.lit(name)} and id > ${sql.lit(42)} limit ${sql.lit(3)}`,
            )
          ).length,
        gone: (_, __, scope) => read(database, scope, "nowhere", 1, sql`select 1 from nowhere`),
        fails: function rateOf() {
          throw new Error("no rate", { cause: new Error("the table is empty") });
        },
      },
    },
    options,
  );
  return Object.assign(gateway, { [Symbol.asyncDispose]: () => database.close() });
}

test("a source that fails leaves one line per call and request, with its call, path, status and cause", async () => {
  await using gateway = await toy(500);
  const { errors } = await gateway.ask("{ weather again: weather gone }", { headers: { "x-request-id": "abc" } });
  expect(errors).toHaveLength(3);
  const failed = gateway.lines
    .filter(({ msg }) => msg === "a call to a source failed")
    .toSorted((one, other) => String(one.source).localeCompare(String(other.source)));
  expect(failed).toMatchObject([
    {
      level: 40,
      id: "abc",
      source: "cities",
      call: "weather",
      path: "/weather",
      status: 500,
      code: "UPSTREAM_UNAVAILABLE",
    },
    { level: 40, id: "abc", source: "database", call: "nowhere", code: "UPSTREAM_UNAVAILABLE" },
  ]);
  expect(JSON.stringify(failed[1]?.err)).toContain("no such table: nowhere");
  expect(JSON.stringify(errors)).not.toContain("nowhere");
});

test("LOG_LEVEL=debug shows each call with its statement or URL, without values", async () => {
  await using gateway = await toy(200);
  await gateway.ask('{ city(id: 4711) weather(of: "Bergen & Oslo") }');
  const calls = gateway.lines.filter(({ msg }) => msg === "call");
  expect(calls).toMatchObject([
    { source: "database", call: "cityById", keys: 1, rows: 0, sent: "select name from city where id = ?" },
    {
      source: "cities",
      call: "weather",
      keys: 1,
      rows: 1,
      sent: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/weather\?of=…&unit=…$/),
    },
  ]);
  expect(JSON.stringify(calls)).not.toMatch(/4711|Bergen/);
});

test("a value in a path, in a link that a service gave out or in a literal is left out as well", async () => {
  await using gateway = await toy(200);
  await gateway.ask(
    `{ station(id: "kari 4711") next: station(id: "kari", next: true) named(name: "Kari's 'own' 77") }`,
  );
  const calls = gateway.lines.filter(({ msg }) => msg === "call");
  expect(calls.map(({ sent }) => String(sent).replace(/:\d+/, ""))).toEqual(
    expect.arrayContaining([
      "http://127.0.0.1/stations/…/rain",
      "http://127.0.0.1/…?cursor=…",
      `select id, … as "a '1" from city where name = … and id > … limit 3`,
    ]),
  );
  expect(JSON.stringify(calls)).not.toMatch(/kari|4711|42|77/i);
});

test("an unexpected error shows its message and its place where that is wanted, and nowhere else", async () => {
  await using open = await toy(200, { showsExceptions: true });
  const [shown] = (await open.ask("{ fails }")).errors ?? [];
  expect(shown).toMatchObject({
    message: "Unexpected error.",
    extensions: {
      code: "INTERNAL_SERVER_ERROR",
      exception: {
        message: "no rate: the table is empty",
        stacktrace: expect.arrayContaining([expect.stringMatching(/at .*rateOf .*operator-log\.test\.ts:\d+/)]),
      },
    },
  });
  await using closed = await toy(200);
  const [masked] = (await closed.ask("{ fails }")).errors ?? [];
  expect(masked?.extensions).toEqual({ code: "INTERNAL_SERVER_ERROR", id: expect.any(String) });
});
