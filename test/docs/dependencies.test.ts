import { readFileSync } from "node:fs";

import { expect, test } from "vitest";
import { tableRows } from "./table.ts";

const page = readFileSync("docs/dependencies.md", "utf8");
const manifest = (path: string): Readonly<Record<string, Readonly<Record<string, string>>>> =>
  JSON.parse(readFileSync(path, "utf8"));
const engine = manifest("packages/tributary-graphql/package.json");
const atlas = manifest("package.json");
const rowsOf = (heading: string): string[] => tableRows(page, heading).map(([name = ""]) => name);
const namesIn = (dependencies: object = {}): string[] => Object.keys(dependencies);

test("docs/dependencies.md has a row for each package that the engine installs, and for each peer", () => {
  expect(rowsOf("Of the engine").toSorted()).toEqual(namesIn(engine.dependencies).toSorted());
  expect(rowsOf("Peers of the engine").toSorted()).toEqual(namesIn(engine.peerDependencies).toSorted());
});

test("docs/dependencies.md has a row for each further package that Atlas installs", () => {
  const engines = new Set([...rowsOf("Of the engine"), ...rowsOf("Peers of the engine")]);
  const own = namesIn(atlas.dependencies).filter((name) => !engines.has(name) && name !== "tributary-graphql");
  expect(rowsOf("Of Atlas").toSorted()).toEqual(own.toSorted());
});
