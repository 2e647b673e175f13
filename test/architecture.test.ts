import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readSourceFiles } from "./architecture/read-source.ts";
import {
  everyFileHasAPlace,
  exportsAreNamed,
  featuresMeetInTypes,
  importingDoesNothing,
  importsMakeNoCycle,
  importsRunOneWay,
  packagesKeepToTheirLayer,
  shippedCodeNeedsOnlyDependencies,
} from "./architecture/rules.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const files = readSourceFiles(root);
const manifest: { dependencies: Record<string, string> } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));

test.each([
  "schema/",
  "resolvers/",
  "datasources/",
  "datasources/sql/",
  "datasources/rest/",
  "gateway/",
  "demo/",
  "checks/",
])("the rules see more than one file in %s, with imports", (folder) => {
  const inside = files.filter(({ path }) => path.startsWith(folder));
  expect(inside.length).toBeGreaterThan(1);
  expect(inside.flatMap(({ imports }) => imports).length).toBeGreaterThan(1);
});

test.each(["start.ts", "app.ts", "config.ts", "codegen.ts"])("the rules see %s", (path) => {
  expect(files.map((file) => file.path)).toContain(path);
});

test.each([
  ["every file has a place in the house", everyFileHasAPlace],
  ["imports run one way", importsRunOneWay],
  ["features of one layer meet only in types", featuresMeetInTypes],
  ["sources know no GraphQL, and the schema and resolvers do no I/O", packagesKeepToTheirLayer],
  [
    "what runs in production needs no development dependency",
    shippedCodeNeedsOnlyDependencies(new Set(Object.keys(manifest.dependencies))),
  ],
  ["exports are named", exportsAreNamed],
  ["importing a file does nothing; only start.ts acts", importingDoesNothing],
  ["imports make no cycle", importsMakeNoCycle],
])("%s", (_promise, rule) => {
  expect(rule(files)).toEqual([]);
});
