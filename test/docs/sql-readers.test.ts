import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { CallLog } from "tributary-graphql";
import { createReads } from "tributary-graphql/sql";
import { codeBlocks } from "tributary-testing/code-blocks.ts";
import { recordSql, type SqlDialect, sqlDialects } from "tributary-testing/recorded-sql.ts";
import { expect, test } from "vitest";
import type { AtlasDatabase } from "../../datasources/database.ts";

const guide = readFileSync(new URL("../../docs/sql-readers.md", import.meta.url), "utf8");
const sections = Map.groupBy(codeBlocks(guide), ({ section }) => section);
const codeOf = (section: string) =>
  (sections.get(section) ?? [])
    .filter(({ language }) => language === "ts")
    .map(({ text }) => text)
    .join("\n");
const shown = [...sections.keys()].filter((section) => section !== "Declare");

test.each(shown.flatMap((section) => sqlDialects.map((dialect) => [section, dialect] as const)))(
  "%s: docs/sql-readers.md shows the SQL for %s",
  async (section, dialect) => {
    const documented = (sections.get(section) ?? []).filter(
      ({ language, title }) => language === "sql" && title.split(", ").includes(dialect),
    );
    expect((await statementsOf(codeOf(section), dialect)).map(withoutLayout)).toEqual(
      documented.map(({ text }) => withoutLayout(text)),
    );
  },
);

test("docs/sql-readers.md names all readers", () => {
  const { database } = recordSql<AtlasDatabase>("SQLite");
  const offered = Object.keys(createReads(database, { calls: new CallLog(), signal: new AbortController().signal }));
  const isNamed = (name: string) => guide.includes(`\`${name}\``) || guide.includes(`reads.${name}(`);
  expect(offered.filter((name) => !isNamed(name))).toEqual([]);
});

/** The statements of a section's code, executed after the code of the first section. */
async function statementsOf(code: string, dialect: SqlDialect): Promise<string[]> {
  const { database, statements } = recordSql<AtlasDatabase>(dialect);
  const scope = { calls: new CallLog(), signal: new AbortController().signal };
  const run = new AsyncFunction(
    "createReads",
    "database",
    "scope",
    stripTypeScriptTypes(`${codeOf("Declare")}\n${code}`),
  );
  await run(createReads, database, scope);
  return statements.map(({ sql }) => sql);
}

const AsyncFunction: new (...code: string[]) => (...parameters: unknown[]) => Promise<void> = Object.getPrototypeOf(
  async () => {},
).constructor;

/** The layout in the document may differ, also within parentheses. */
const withoutLayout = (sql: string): string =>
  sql
    .replace(/\s+/g, " ")
    .replace(/ ?([()]) ?/g, "$1")
    .trim();
