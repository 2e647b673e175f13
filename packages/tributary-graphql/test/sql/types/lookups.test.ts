import pg from "pg";
import { expect, test } from "vitest";
import { PostgresTypes } from "../../../src/sql/dialects/postgres/types.ts";

const moodsOid = 99_001;
const moodOid = 99_000;

/** A connection whose rows have an array of an enum, and that counts how often the catalogue is asked. */
function connectionOf(types: PostgresTypes) {
  const asked: unknown[] = [];
  const client = new pg.Client();
  const answer = (text: string, values?: unknown[]) => {
    if (text.includes("pg_type")) {
      asked.push(values);
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
  return { asked, read: async () => (await client.query("select moods from person")).rows };
}

test("a type of the database's own is asked for once, by whichever connection of the pool meets it first", async () => {
  const types = new PostgresTypes();
  const [first, second] = [connectionOf(types), connectionOf(types)];
  for (const { read } of [first, first, second]) expect(await read()).toEqual([{ moods: ["sad", "ok"] }]);
  expect([first.asked, second.asked]).toEqual([[[[moodsOid]]], []]);
});

test("after a connection was lost types are asked for anew: another server may have other numbers", async () => {
  const types = new PostgresTypes();
  const { asked, read } = connectionOf(types);
  await read();
  types.clear();
  expect(await read()).toEqual([{ moods: ["sad", "ok"] }]);
  expect(asked).toHaveLength(2);
});
