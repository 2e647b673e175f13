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
  expect(callsOf(gateway.lines)).toMatchObject([
    {
      source: "cities",
      call: "weather",
      keys: 1,
      rows: 1,
      sent: "http://127.0.0.1/weather?of=…&unit=…",
    },
    { source: "database", call: "cityById", keys: 1, rows: 0, sent: "select name from city where id = ?" },
  ]);
  expect(JSON.stringify(gateway.lines)).not.toContain("Bergen");
});

test("a value in a path, in a link that a service gave out or in a literal is left out as well", async () => {
  await using gateway = await toy(200);
  await gateway.ask(
    `{ station(id: "kari 4711") next: station(id: "kari", next: true) named(name: "Kari's 'own' 77") }`,
  );
  const sent = callsOf(gateway.lines).map((call) => call.sent);
  expect(sent.toSorted()).toEqual([
    "http://127.0.0.1/stations/…/rain",
    "http://127.0.0.1/…?cursor=…",
    `select id, … as "a '1" from city where name = … and id > … limit 3`,
  ]);
  expect(JSON.stringify(gateway.lines)).not.toMatch(/kari/i);
});

/** The calls by their sources, whichever came back first; without the port, which may have the digits of a value. */
const callsOf = (lines: readonly Record<string, unknown>[]) =>
  lines
    .filter(({ msg }) => msg === "call")
    .map(({ source, call, keys, rows, sent }) => ({
      ...{ source, call, keys, rows },
      sent: String(sent).replace(/:\d+/, ""),
    }))
    .toSorted((one, other) => String(one.source).localeCompare(String(other.source)));
