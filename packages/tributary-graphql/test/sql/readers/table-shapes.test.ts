import { sql } from "kysely";
import { type TestDatabaseName, testDatabases, useBlankDatabases } from "tributary-testing/databases.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CallLog } from "../../../src/core/call-log.ts";
import type { Database } from "../../../src/sql/database.ts";
import { openDatabase } from "../../../src/sql/open.ts";
import { createReads, type Reads } from "../../../src/sql/reads.ts";

/** Names that the readers' own statements use, and one in mixed case. */
interface Thing {
  id: number;
  Kin: number;
  k: string;
  t: string;
  ord: number;
  found: string;
  wanted: string;
  page: string;
  part: string;
  value: string;
  "key value": string;
  "row count": number;
}

interface Schema {
  Thing: Thing;
  "Pair Of": { Kin: number; thing_id: number };
}

const words = ["k", "t", "found", "wanted", "page", "part", "value", "key value"] as const;
const orderBy = [
  { column: "ord", direction: "desc", type: "integer" },
  { column: "id", direction: "asc", type: "integer" },
] as const;
const window = { size: 5, backward: false };
const plain = "create table";

interface Shape {
  readonly name: string;
  /** Statements that create "Thing" with these columns. */
  readonly statements: (columns: string) => readonly string[];
}

const everywhere: readonly Shape[] = [
  { name: "a table", statements: (columns) => [`${plain} "Thing" (${columns})`] },
  {
    name: "a table whose first column was dropped",
    statements: (columns) => [
      `${plain} "Thing" (dropped integer, ${columns})`,
      'alter table "Thing" drop column dropped',
    ],
  },
  {
    name: "a table with a column that is generated",
    statements: (columns) => [`${plain} "Thing" (${columns}, twice integer generated always as ("ord" * 2) stored)`],
  },
];

const view: Shape = {
  name: "a view",
  statements: (columns) => [`${plain} base (${columns})`, 'create view "Thing" as select * from base'],
};

const shapes: Readonly<Record<TestDatabaseName, readonly Shape[]>> = {
  postgres: [
    ...everywhere,
    view,
    {
      name: "a table in partitions",
      statements: (columns) => [
        `${plain} "Thing" (${columns}) partition by hash ("Kin")`,
        ...[0, 1, 2].map(
          (part) => `${plain} part${part} partition of "Thing" for values with (modulus 3, remainder ${part})`,
        ),
      ],
    },
    {
      name: "a table with a column of a composite type, an array and a domain that is not null",
      statements: (columns) => [
        "create type pair as (a integer, b text)",
        "create domain filled as text not null default 'x'",
        `${plain} "Thing" (${columns}, both_ pair default row(1, 'a'), list integer[] default '{1}', filled filled default 'x')`,
      ],
    },
    {
      name: "a table that inherits",
      statements: (columns) => [`${plain} base (${columns})`, `${plain} "Thing" () inherits (base)`],
    },
  ],
  mariadb: [...everywhere, view],
  sqlite: everywhere,
};

describe.each(testDatabases)("on %s", (name) => {
  const blank = useBlankDatabases(name);
  let database: Database<Schema>;
  let reads: Reads<Schema>;
  beforeEach(async () => {
    database = await openDatabase<Schema>(await blank());
    reads = createReads(database, { calls: new CallLog(), signal: new AbortController().signal });
  });
  afterEach(() => database?.close());

  async function create({ statements }: Shape): Promise<void> {
    const { db, kind } = database;
    const texts = words.map((word) => `"${word}" varchar(9) not null`);
    const columns = ['"id" integer not null', '"Kin" integer not null', '"ord" integer not null', ...texts];
    const quoted = (text: string) => (kind === "mysql" ? text.replaceAll('"', "`") : text);
    for (const statement of [
      ...statements([...columns, '"row count" integer not null'].join(", ")),
      `${plain} "Pair Of" ("Kin" integer, thing_id integer)`,
    ])
      await sql.raw(quoted(statement)).execute(db);
    for (const id of [1, 2, 3]) {
      const texts = Object.fromEntries(words.map((word) => [word, `${word}`])) as Record<
        (typeof words)[number],
        string
      >;
      await db
        .insertInto("Thing")
        .values({ id, Kin: 7, ord: id, "row count": 9, ...texts })
        .execute();
      await db.insertInto("Pair Of").values({ Kin: 7, thing_id: id }).execute();
    }
  }

  test.each(shapes[name].map((shape) => [shape.name, shape] as const))(
    "%s is read by every reader",
    async (_, shape) => {
      await create(shape);
      const ids = (rows: readonly { readonly id: number }[]) => rows.map(({ id }) => id);
      const source = { call: "things", table: "Thing" } as const;
      const through = { table: "Pair Of", parent: "Kin", child: "thing_id" } as const;
      const all = [3, 2, 1];
      const one = await reads.oneByKey({ ...source, key: "id" }).load(2);
      expect(one).toMatchObject({
        id: 2,
        Kin: 7,
        "row count": 9,
        ...Object.fromEntries(words.map((word) => [word, word])),
      });
      expect(Object.keys(one ?? {})).not.toContain("key ordinal");
      for (const word of words) {
        expect(ids(await reads.manyByKey({ ...source, key: word, orderBy }).load(word)), word).toEqual(all);
        expect(await reads.countByParent({ ...source, parent: word }).load(word), word).toBe(3);
      }
      const many = reads.manyByKey({ ...source, key: "Kin", orderBy });
      expect(ids(await many.load(7))).toEqual(all);
      expect(ids(await many.load(7, { first: 2 }))).toEqual([3, 2]);
      expect(ids(await reads.manyByKey({ ...source, key: ["k", "Kin"], orderBy }).load({ k: "k", Kin: 7 }))).toEqual(
        all,
      );
      expect(ids(await reads.manyThrough({ ...source, key: "id", through, orderBy }).load(7))).toEqual(all);
      expect(
        ids((await reads.pageByParent({ ...source, parent: "Kin", id: "id", orderBy }).load(7, { window })).rows),
      ).toEqual(all);
      expect(
        ids((await reads.pageThrough({ ...source, id: "id", through, orderBy }).load(7, { window })).rows),
      ).toEqual(all);
      expect(ids((await reads.page({ ...source, orderBy }).load({ window })).rows)).toEqual(all);
      expect(await reads.countByParent({ ...source, parent: "row count" }).load(9)).toBe(3);
      expect(await reads.existsByParent({ ...source, parent: "Kin" }).load(7)).toBe(true);
      expect(await reads.existsByParent({ ...source, parent: "Kin" }).load(8)).toBe(false);
    },
  );
});
