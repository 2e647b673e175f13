import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { useAtlas } from "../support/atlas.ts";
import { useAtlasDatabase } from "../support/databases.ts";

describe("a query on SQLite that takes seconds", () => {
  const database = useAtlasDatabase("sqlite");
  const atlas = useAtlas("sqlite");

  test("does not block the gateway or other queries", async () => {
    const rows = 6_000_000;
    let isRunning = true;
    const slow = sql<{ total: number }>`
      with recursive number(value) as (select 1 union all select value + 1 from number where value < ${rows})
      select count(*) as total from number`
      .execute(database().db)
      .finally(() => {
        isRunning = false;
      });
    let responses = 0;
    while (isRunning) {
      const { data } = await atlas.query("{ __typename cities(first: 1) { nodes { name } } }");
      expect(data).toEqual({ __typename: "Query", cities: { nodes: [{ name: "Shanghai" }] } });
      responses++;
    }
    expect((await slow).rows).toEqual([{ total: rows }]);
    expect(responses).toBeGreaterThan(20);
  }, 60_000);
});
