import { readFileSync } from "node:fs";

/** The names of the clients' operations, which the metrics have as labels: those with a contract of calls. */
export function clientOperationNames(): readonly string[] {
  const file = new URL("../operations/calls.json", import.meta.url);
  const { operations }: { operations: object } = JSON.parse(readFileSync(file, "utf8"));
  return Object.keys(operations);
}
