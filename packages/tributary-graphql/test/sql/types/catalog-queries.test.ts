import pg from "pg";
import { expect, test } from "vitest";
import { PostgresTypes } from "../../../src/sql/dialects/postgres/types.ts";

const moodsOid = 99_001;
const moodOid = 99_000;

/** A connection whose rows have an array of an enum. It counts the catalog queries. */
function connectionOf(types: PostgresTypes) {
  const queried: unknown[] = [];
  const client = new pg.Client();
  const answer = (text: string, values?: unknown[]) => {
    if (text.includes("pg_type")) {
      queried.push(values);
      const rows = [
        { oid: moodsOid, base: 0, element: moodOid, delimiter: "," },
        { oid: moodOid, base: 0, element: 0, delimiter: "," },
      ];
      return Promise.resolve({ fields: [], rows });
    }
    const parse = types.getTypeParser(moodsOid);
    return Promise.resolve({ fields: [{ name: "moods", dataTypeID: moodsOid }], rows: [{ moods: parse("{sad,ok}") }] });
  };
  Object.assign(client, { query: answer });
  types.useFor(client);
  return { queried, read: async () => (await client.query("select moods from person")).rows };
}

test("a user-defined type is queried once, by the first connection of the pool that reads it", async () => {
  const types = new PostgresTypes();
  const [first, second] = [connectionOf(types), connectionOf(types)];
  for (const { read } of [first, first, second]) expect(await read()).toEqual([{ moods: ["sad", "ok"] }]);
  expect([first.queried, second.queried]).toEqual([[[[moodsOid]]], []]);
});

test("after a lost connection types are queried again, because another server may have other OIDs", async () => {
  const types = new PostgresTypes();
  const { queried, read } = connectionOf(types);
  await read();
  types.clear();
  expect(await read()).toEqual([{ moods: ["sad", "ok"] }]);
  expect(queried).toHaveLength(2);
});
