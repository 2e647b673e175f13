import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { codeBlocks } from "tributary-testing/code-blocks.ts";
import { expect, test } from "vitest";
import { tableRows } from "./table.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (path: string): string => readFileSync(`${root}${path}`, "utf8");
const guide = read("docs/upgrading.md");
const engine = "packages/tributary-graphql/";
const { exports }: { exports: Record<string, string> } = JSON.parse(read(`${engine}package.json`));

/** The table of imports: entry point and names; the first column is ignored. */
const imports = codeBlocks(guide)
  .filter(({ language }) => language === "text")
  .flatMap(({ text }) => text.trim().split("\n"))
  .map((line) => line.split(/\s{2,}/))
  .map(([, entry = "", names = ""]) => [entry, names.split(", ")] as const);

test("docs/upgrading.md has enough imports for the check below", () => {
  expect(imports.length).toBeGreaterThan(10);
});

test.each(imports)("%s exports the names in docs/upgrading.md: %s", (entry, names) => {
  const file = exports[entry.replace("tributary-graphql", ".")];
  const source = file === undefined ? "" : read(`${engine}${file}`);
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(source))).toEqual([]);
});

test("docs/upgrading.md has the scripts of package.json", () => {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(read("package.json"));
  const rows = tableRows(guide, "7. Call the command").map(([name, , command]) => [name, command]);
  expect(rows.length).toBeGreaterThan(8);
  expect(rows).toEqual(rows.map(([name = ""]) => [name, scripts[name]]));
});
