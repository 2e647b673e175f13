import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readSourceFiles } from "tributary-testing/source/read-source.ts";
import { expect, test } from "vitest";
import {
  everyFileHasALayer,
  exportsAreNamed,
  featuresShareOnlyTypes,
  importsFollowLayers,
  importsHaveNoCycle,
  importsHaveNoSideEffects,
  layersUseAllowedPackages,
  packagesImportByName,
  shippedCodeUsesOnlyDependencies,
} from "./architecture/rules.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const files = readSourceFiles(root);
const dependenciesOf = (folder: string): ReadonlySet<string> => {
  const manifest = JSON.parse(readFileSync(`${root}${folder}package.json`, "utf8"));
  return new Set(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }));
};
const engine = "packages/tributary-graphql/";

test.each([
  ...["core", "relay", "sql", "rest", "gateway", "pothos", "client", "commands"].map(
    (folder) => `${engine}src/${folder}/`,
  ),
  "schema/",
  "resolvers/",
  "datasources/",
  "atlas/",
])("the rules check several files in %s, with imports", (folder) => {
  const inside = files.filter(({ path }) => path.startsWith(folder));
  expect(inside.length).toBeGreaterThan(1);
  expect(inside.flatMap(({ imports }) => imports).length).toBeGreaterThan(1);
});

test.each(["start.ts", "config.ts", `${engine}src/index.ts`, `${engine}src/bin.ts`])("the rules check %s", (path) => {
  expect(files.map((file) => file.path)).toContain(path);
});

test.each([
  ["every file belongs to a layer", everyFileHasALayer],
  ["imports follow the layers", importsFollowLayers],
  ["the packages and Atlas import each other by package name", packagesImportByName],
  ["features of a layer import only types of each other", featuresShareOnlyTypes],
  ["datasources do not import GraphQL, and schema and resolvers do not import I/O", layersUseAllowedPackages],
  ["Atlas imports no development dependency in production", shippedCodeUsesOnlyDependencies(dependenciesOf(""), false)],
  ["the engine imports only its dependencies", shippedCodeUsesOnlyDependencies(dependenciesOf(engine), true)],
  ["exports are named", exportsAreNamed],
  ["imports have no side effects, except in start.ts and the command", importsHaveNoSideEffects],
  ["imports have no cycle", importsHaveNoCycle],
])("%s", (_promise, rule) => {
  expect(rule(files)).toEqual([]);
});
