import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readSourceFiles } from "tributary-testing/source/read-source.ts";
import { expect, test } from "vitest";
import {
  everyFileHasAPlace,
  exportsAreNamed,
  featuresMeetInTypes,
  importingDoesNothing,
  importsMakeNoCycle,
  importsRunOneWay,
  nothingKnowsTheOther,
  packagesKeepToTheirLayer,
  shippedCodeNeedsOnlyDependencies,
} from "./architecture/rules.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const files = readSourceFiles(root);
const dependenciesOf = (folder: string): ReadonlySet<string> => {
  const manifest = JSON.parse(readFileSync(`${root}${folder}package.json`, "utf8"));
  return new Set(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }));
};
const engine = "packages/tributary-graphql/";

test.each([
  ...["core", "relay", "sql", "rest", "gateway", "pothos", "client", "commands"].map((room) => `${engine}src/${room}/`),
  "schema/",
  "resolvers/",
  "datasources/",
  "atlas/",
])("the rules see more than one file in %s, with imports", (folder) => {
  const inside = files.filter(({ path }) => path.startsWith(folder));
  expect(inside.length).toBeGreaterThan(1);
  expect(inside.flatMap(({ imports }) => imports).length).toBeGreaterThan(1);
});

test.each(["start.ts", "config.ts", `${engine}src/index.ts`, `${engine}src/bin.ts`])("the rules see %s", (path) => {
  expect(files.map((file) => file.path)).toContain(path);
});

test.each([
  ["every file belongs to a layer", everyFileHasAPlace],
  ["imports run one way", importsRunOneWay],
  ["the packages and Atlas import each other by name alone", nothingKnowsTheOther],
  ["features of one layer meet only in types", featuresMeetInTypes],
  ["sources know no GraphQL, and the schema and resolvers do no I/O", packagesKeepToTheirLayer],
  ["Atlas in production needs no development dependency", shippedCodeNeedsOnlyDependencies(dependenciesOf(""), false)],
  ["the engine needs nothing but its dependencies", shippedCodeNeedsOnlyDependencies(dependenciesOf(engine), true)],
  ["exports are named", exportsAreNamed],
  ["importing a file does nothing; only start.ts and the command act", importingDoesNothing],
  ["imports make no cycle", importsMakeNoCycle],
])("%s", (_promise, rule) => {
  expect(rule(files)).toEqual([]);
});
