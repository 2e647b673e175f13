import { batchesOf } from "../../../rest/key-batches.ts";
import type { RestKey } from "../../../rest/reads.ts";
import type { BatchDeclaration } from "./declaration.ts";
import { broken, type Finding, holds, notTested } from "./finding.ts";
import { hasKey, keyedRows } from "./rows.ts";
import type { ProbedService } from "./service.ts";

export interface MaximumRequest {
  readonly keys: readonly RestKey[];
  /** Keys that exist no more than needed to fill a call up; empty where they would harm. */
  readonly fillers: readonly RestKey[];
  /** How many keys to try, the declared maximum or more. */
  readonly upTo: number;
  /** The readers cut a batch where its URL gets longer. */
  readonly maxUrlLength: number;
}

export interface Maximum {
  readonly finding: Finding;
  /** Most keys that were answered in full. */
  readonly largest: number;
}

/**
 * The largest number of keys that one call takes, found by trying the most first and halving from there. The known keys
 * are put at both ends, so that a service that silently drops some is found out.
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
  const words = `${answered} keys are answered in full, ${refused} are not: ${refusal}`;
  const finding =
    answered < declared && refused <= declared
      ? broken("maximum", `${words}; set maxKeys: ${answered}`)
      : holds("maximum", words);
  return { finding, largest: answered };
}

function answeredInFull(most: number, declared: number, { keys, fillers, maxUrlLength }: MaximumRequest): Finding {
  const words = `${most} keys in one call are answered in full`;
  if (most >= declared) return holds("maximum", words);
  if (fillers.length === 0 && most === keys.length) {
    return notTested(
      "maximum",
      `${words}; ${declared} are declared: give as many real --keys to try it, made-up ones would make the call fail`,
    );
  }
  return holds("maximum", `${words}; more make the URL longer than ${maxUrlLength} characters, where the readers cut`);
}

/** The number of keys that fit into one call of the readers. */
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

/** The known keys, half of them at the end, and made-up ones between them. */
function keysFor({ keys, fillers }: MaximumRequest, count: number): RestKey[] {
  const known = keys.slice(0, count);
  const head = known.slice(0, Math.floor(known.length / 2));
  return [...head, ...fillers.slice(0, count - known.length), ...known.slice(head.length)];
}

/** Why a call with these keys is of no use; undefined when every known key has its row. */
async function refusalOf(
  service: ProbedService,
  declaration: BatchDeclaration,
  request: MaximumRequest,
  count: number,
) {
  const answer = await service.ask(keysFor(request, count));
  if (answer.status === 414 || answer.status === 431) {
    return `status ${answer.status}, the URL of ${answer.urlLength} characters is too long`;
  }
  if (answer.status !== 200) return `status ${answer.status}`;
  if (answer.fault !== undefined) return `the answer is not the body that was declared: ${answer.fault}`;
  const rows = keyedRows(declaration, answer);
  const lost = request.keys.slice(0, count).filter((key) => !hasKey(rows, key));
  return lost.length > 0 ? `${lost.length} known keys are silently missing` : undefined;
}
