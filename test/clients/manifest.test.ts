import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const folder = fileURLToPath(new URL(".", import.meta.url));
const readJson = (path: string) => JSON.parse(readFileSync(`${folder}${path}`, "utf8"));
const { dependencies }: { dependencies: Record<string, string> } = readJson("package.json");
const { packages }: { packages: Record<string, { version: string }> } = readJson("package-lock.json");
const { devDependencies: ofTests } = readJson("../../package.json");

test("the manifest pins the clients, and the lockfile has these versions", () => {
  for (const [name, range] of Object.entries(dependencies)) {
    const [, version] = /^(?:npm:.+@)?(\d+\.\d+\.\d+)$/.exec(range) ?? [];
    expect(version, name).toBeDefined();
    expect(packages[`node_modules/${name}`]?.version, name).toBe(version);
  }
});

test("the installation of the clients runs no scripts", () => {
  expect(readFileSync(`${folder}.npmrc`, "utf8")).toContain("ignore-scripts=true");
});

test("the clients use the graphql, graphql-ws and relay-runtime that the gateway is tested with", () => {
  const copies = Object.keys(packages).filter((path) => /node_modules\/(graphql|graphql-ws|relay-runtime)$/.test(path));
  expect(copies).toEqual([]);
  expect(dependencies["relay-compiler"]).toBe(ofTests["relay-runtime"]);
});

test("the root manifest has none of the clients", () => {
  expect(Object.keys(dependencies).filter((name) => name in ofTests)).toEqual([]);
});
