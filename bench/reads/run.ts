import { readFile } from "node:fs/promises";
import { isTestDatabaseName, type TestDatabaseName } from "tributary-testing/database-names.ts";
import type { Options } from "../options.ts";
import { measureReads } from "./benchmark.ts";
import { benchDatabases } from "./host.ts";
import { writeReadsSection } from "./section.ts";

/** Measures the reads on all available databases. The section names the others. */
export async function runReads(options: Options): Promise<string> {
  const measured = await measureReads({
    databases: databasesOf(options.databases),
    parents: parentsOf(options.parents),
    allParents: 10_000,
    budgetMs: 2_000,
    log: console.log,
  });
  for (const line of measured.missing) console.warn(`Not measured: ${line}`);
  return writeReadsSection(measured, await describeVersions());
}

function databasesOf(text: string | undefined): readonly TestDatabaseName[] {
  const names = text?.split(",") ?? [...benchDatabases];
  const unknown = names.find((name) => !isTestDatabaseName(name));
  if (unknown !== undefined)
    throw new Error(`--databases: expected ${benchDatabases.join(", ")}, got ${JSON.stringify(unknown)}.`);
  return names.filter(isTestDatabaseName);
}

function parentsOf(text: string | undefined): readonly number[] {
  const numbers = text?.split(",").map(Number) ?? [10, 100, 1_000, 10_000];
  if (!numbers.every((number) => Number.isInteger(number) && number >= 1 && number <= 10_000))
    throw new Error(`--parents: expected numbers from 1 to 10,000, separated by commas, got ${JSON.stringify(text)}.`);
  return numbers;
}

/** The versions of the packages: `pg 8.23.1, …`. */
async function describeVersions(): Promise<string> {
  const manifest = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
  return ["pg", "mysql2", "kysely", "dataloader"].map((name) => `${name} ${manifest.dependencies[name]}`).join(", ");
}
