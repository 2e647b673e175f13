import { isDeepStrictEqual } from "node:util";
import type { RestKey } from "../../../rest/reads.ts";
import type { ResponseHeaders } from "../../../rest/upstream-read.ts";
import type { BatchDeclaration } from "./declaration.ts";
import { broken, type Finding, holds, notTested, seen } from "./finding.ts";
import { keyedRows } from "./rows.ts";
import type { ProbedService } from "./service.ts";

/** Whether the read of one row gives the same as the batch, and what both say of caching. Two calls at most. */
export async function probeSingle(
  service: ProbedService,
  declaration: BatchDeclaration,
  key: RestKey,
): Promise<Finding[]> {
  const batch = await service.ask([key]);
  const caching = [cachingFinding("the batch", batch.headers)];
  const single = await service.askSingle(key);
  if (single === undefined) return [notTested("single read", "none is declared"), ...caching];
  caching.push(cachingFinding("the single read", single.headers));
  if (single.status !== 200)
    return [broken("single read", `${JSON.stringify(key)} gets status ${single.status}`), ...caching];
  if (single.fault !== undefined) {
    return [broken("single read", `the answer is not the body that was declared: ${single.fault}`), ...caching];
  }
  const row = keyedRows(declaration, batch).rows.find((one) => String(one.key) === String(key))?.row;
  const differing = differences(row, single.json);
  const finding =
    differing.length === 0
      ? holds("single read", "it gives the same as the batch")
      : seen("single read", `it differs from the batch in ${differing.slice(0, 8).join(", ")}`);
  return [finding, ...caching];
}

/** The properties that differ, or that only one of them has. */
function differences(one: unknown, other: unknown): string[] {
  if (!isObject(one) || !isObject(other)) return isDeepStrictEqual(one, other) ? [] : ["everything"];
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].filter((name) => !isDeepStrictEqual(one[name], other[name]));
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

function cachingFinding(what: string, headers: ResponseHeaders): Finding {
  const control = [headers["cache-control"] ?? []].flat().join(", ");
  const validators = ["etag", "last-modified"].filter((name) => headers[name] !== undefined);
  const words = [
    control ? `cache-control: ${control}` : "no cache-control",
    ...validators.map((name) => `with ${name}`),
  ];
  return seen("caching", `${what}: ${words.join(", ")}`);
}
