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

/** Lines of the table of imports: where they came from, the entry that has them, and their names. */
const imports = codeBlocks(guide)
  .filter(({ language }) => language === "text")
  .flatMap(({ text }) => text.trim().split("\n"))
  .map((line) => line.split(/\s{2,}/))
  .map(([, entry = "", names = ""]) => [entry, names.split(", ")] as const);

test("the guide names enough imports for the check below to mean something", () => {
  expect(imports.length).toBeGreaterThan(10);
});

test.each(imports)("%s exports each name that docs/upgrading.md takes from it: %s", (entry, names) => {
  const file = exports[entry.replace("tributary-graphql", ".")];
  const source = file === undefined ? "" : read(`${engine}${file}`);
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(source))).toEqual([]);
});

test("the scripts of docs/upgrading.md are those of package.json", () => {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(read("package.json"));
  const rows = tableRows(guide, "6. Call the command").map(([name, , command]) => [name, command]);
  expect(rows.length).toBeGreaterThan(8);
  expect(rows).toEqual(rows.map(([name = ""]) => [name, scripts[name]]));
});
