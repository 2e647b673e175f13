import { isDeepStrictEqual } from "node:util";
import type { RestKey } from "../../../rest/reads.ts";
import type { ResponseHeaders } from "../../../rest/upstream-read.ts";
import type { BatchDeclaration } from "./declaration.ts";
import { broken, type Finding, holds, notTested, seen } from "./finding.ts";
import { keyedRows } from "./rows.ts";
import type { ProbedService } from "./service.ts";

/** Tests whether the read of one row has the same result as the batch, and reports caching. Makes up to two calls. */
export async function probeSingle(
  service: ProbedService,
  declaration: BatchDeclaration,
  key: RestKey,
): Promise<Finding[]> {
  const batch = await service.read([key]);
  const caching = [cachingFinding("the batch", batch.headers)];
  const single = await service.readSingle(key);
  if (single === undefined) return [notTested("single read", "the declaration has none"), ...caching];
  caching.push(cachingFinding("the single read", single.headers));
  if (single.status !== 200)
    return [broken("single read", `the read of ${JSON.stringify(key)} has status ${single.status}`), ...caching];
  if (single.fault !== undefined) {
    return [broken("single read", `the response does not match the declared body: ${single.fault}`), ...caching];
  }
  const row = keyedRows(declaration, batch).rows.find((one) => String(one.key) === String(key))?.row;
  const differing = differences(row, single.json);
  const finding =
    differing.length === 0
      ? holds("single read", "it has the same result as the batch")
      : seen("single read", `it differs from the batch in ${differing.slice(0, 8).join(", ")}`);
  return [finding, ...caching];
}

/** The names of properties that differ, or that only one of them has. */
function differences(one: unknown, other: unknown): string[] {
  if (!isObject(one) || !isObject(other)) return isDeepStrictEqual(one, other) ? [] : ["everything"];
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].filter((name) => !isDeepStrictEqual(one[name], other[name]));
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

function cachingFinding(subject: string, headers: ResponseHeaders): Finding {
  const control = [headers["cache-control"] ?? []].flat().join(", ");
  const validators = ["etag", "last-modified"].filter((name) => headers[name] !== undefined);
  const parts = [
    control ? `cache-control: ${control}` : "no cache-control",
    ...validators.map((name) => `with ${name}`),
  ];
  return seen("caching", `${subject}: ${parts.join(", ")}`);
}
