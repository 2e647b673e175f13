import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createCities } from "../../datasources/city.ts";
import type { AtlasDatabase } from "../../datasources/database.ts";
import { CallLog } from "../../gateway/telemetry/call-log.ts";
import { codeBlocks } from "./code-blocks.ts";
import { recordSql, sqlFlavours } from "./recorded-sql.ts";

const guide = readFileSync(new URL("../../docs/reading-data.md", import.meta.url), "utf8");
const documented = codeBlocks(guide).filter(({ language }) => language === "sql");

test.each(sqlFlavours)("the SQL of a page per parent is what %s is sent", async (flavour) => {
  const { database, statements } = recordSql<AtlasDatabase>(flavour);
  const cities = createCities(database, { calls: new CallLog(), signal: new AbortController().signal });
  const largest = (countryCode: string) =>
    cities.list({ first: 5 }, { countryCode, filter: {}, order: "POPULATION_DESC" }).page();
  await Promise.all([largest("NO"), largest("SE")]);
  const shown = documented.filter(({ title }) => title === flavour).map(({ text }) => withoutLayout(text));
  expect(statements.map(({ sql }) => withoutLayout(sql))).toEqual(shown);
});

/** People break lines inside of brackets, too. */
const withoutLayout = (sql: string): string =>
  sql
    .replace(/\s+/g, " ")
    .replace(/ ?([()]) ?/g, "$1")
    .trim();
