import { existsSync, readFileSync } from "node:fs";

/**
 * The names of the clients' operations, which the metrics have as labels: those with a contract of calls. None before the first
 * `tributary calls record`, which starts the app to make that contract.
 */
export function clientOperationNames(): readonly string[] {
  const file = new URL("../operations/calls.json", import.meta.url);
  if (!existsSync(file)) return [];
  const { operations }: { operations: object } = JSON.parse(readFileSync(file, "utf8"));
  return Object.keys(operations);
}
