import { batchesOf } from "../../../rest/key-batches.ts";
import type { RestKey } from "../../../rest/reads.ts";
import type { BatchDeclaration } from "./declaration.ts";
import { broken, type Finding, holds, notTested } from "./finding.ts";
import { hasKey, keyedRows } from "./rows.ts";
import type { ProbedService } from "./service.ts";

export interface MaximumRequest {
  readonly keys: readonly RestKey[];
  /** Generated keys to fill a call up. Empty if unknown keys make a call fail. */
  readonly fillers: readonly RestKey[];
  /** The number of keys to test: the declared maximum or more. */
  readonly upTo: number;
  /** The readers' limit for the URL of a batch. */
  readonly maxUrlLength: number;
}

export interface Maximum {
  readonly finding: Finding;
  /** The largest number of keys of a successful call. */
  readonly largest: number;
}

/**
 * Finds the largest number of keys per call by binary search, beginning with `upTo`. The existing keys are at both ends of
 * a call, to detect a service that silently ignores some keys.
 */
export async function probeMaximum(
  service: ProbedService,
  declaration: BatchDeclaration,
  request: MaximumRequest,
): Promise<Maximum> {
  const declared = declaration.maxKeys ?? 100;
  const most = mostKeys(service, declaration, request);
  let refusal = await refusalOf(service, declaration, request, most);
  if (refusal === undefined) return { largest: most, finding: answeredInFull(most, declared, request) };
  let [answered, refused] = [1, most];
  while (refused - answered > 1) {
    const count = Math.floor((answered + refused) / 2);
    const why = await refusalOf(service, declaration, request, count);
    if (why === undefined) answered = count;
    else [refused, refusal] = [count, why];
  }
  const message = `a call with ${answered} keys succeeds, one with ${refused} does not: ${refusal}`;
  const finding =
    answered < declared && refused <= declared
      ? broken("maximum", `${message}; set maxKeys: ${answered}`)
      : holds("maximum", message);
  return { finding, largest: answered };
}

function answeredInFull(most: number, declared: number, { keys, fillers, maxUrlLength }: MaximumRequest): Finding {
  const message = `a call with ${most} keys succeeds`;
  if (most >= declared) return holds("maximum", message);
  if (fillers.length === 0 && most === keys.length) {
    return notTested(
      "maximum",
      `${message}; ${declared} are declared: pass as many existing --keys to test it, because unknown keys make a call fail`,
    );
  }
  return holds(
    "maximum",
    `${message}; with more the URL would be longer than ${maxUrlLength} characters, the readers' limit`,
  );
}

/** The maximum number of keys in one call of the readers. */
function mostKeys(
  { baseUrl }: ProbedService,
  { path, query, keys: encoding }: BatchDeclaration,
  request: MaximumRequest,
): number {
  const search = String(query ?? "");
  const maxLength = request.maxUrlLength - baseUrl.length - path.length - (search === "" ? 0 : 1 + search.length);
  const { batches } = batchesOf(keysFor(request, request.upTo), encoding, { maxKeys: request.upTo, maxLength });
  return batches[0]?.length ?? 1;
}

/** The existing keys, half of them at the end, and generated ones between them. */
function keysFor({ keys, fillers }: MaximumRequest, count: number): RestKey[] {
  const known = keys.slice(0, count);
  const head = known.slice(0, Math.floor(known.length / 2));
  return [...head, ...fillers.slice(0, count - known.length), ...known.slice(head.length)];
}

/** Why a call with this number of keys does not succeed. Undefined if every existing key has a row. */
async function refusalOf(
  service: ProbedService,
  declaration: BatchDeclaration,
  request: MaximumRequest,
  count: number,
) {
  const response = await service.read(keysFor(request, count));
  if (response.status === 414 || response.status === 431) {
    return `status ${response.status}, the URL of ${response.urlLength} characters is too long`;
  }
  if (response.status !== 200) return `status ${response.status}`;
  if (response.fault !== undefined) return `the response does not match the declared body: ${response.fault}`;
  const rows = keyedRows(declaration, response);
  const missing = request.keys.slice(0, count).filter((key) => !hasKey(rows, key));
  return missing.length > 0 ? `${missing.length} existing keys have no row` : undefined;
}
