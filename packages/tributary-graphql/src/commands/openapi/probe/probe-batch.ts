import type { RestKey } from "../../../rest/reads.ts";
import type { BatchDeclaration } from "./declaration.ts";
import type { Finding } from "./finding.ts";
import { generateKeys } from "./generated-keys.ts";
import { probeKnownKeys } from "./known-keys.ts";
import { probeMaximum } from "./maximum.ts";
import { ProbedService, type ProbeOptions } from "./service.ts";
import { probeSingle } from "./single.ts";
import { probeUnknownKeys } from "./unknown-keys.ts";

export interface ProbeRequest extends ProbeOptions {
  /** Existing keys. More keys make the probe more reliable. */
  readonly keys: readonly RestKey[];
  /** A key that does not exist. Default: generated in the format of the first key. */
  readonly unknownKey?: RestKey;
  /** Tests up to this number of keys per call, if it is more than declared. */
  readonly upTo?: number;
  /** The readers' limit for the URL of a batch. Default 2000, as in the readers. */
  readonly maxUrlLength?: number;
}

export interface ProbeResult {
  readonly call: string;
  /** Without credentials. */
  readonly baseUrl: string;
  readonly calls: number;
  readonly findings: readonly Finding[];
  /** The largest number of keys of a successful call, which is the largest possible `maxKeys`. Undefined if not tested. */
  readonly maxKeys: number | undefined;
}

/** Enough to detect an order, and few enough for any service. */
const mostKnownKeys = 10;

/**
 * Tests whether a running service behaves as a batch read assumes. It only reads, with one call at a time.
 * @throws CommandError when a call fails, or when the probe needs more than `maxCalls`
 */
export async function probeBatch(declaration: BatchDeclaration, request: ProbeRequest): Promise<ProbeResult> {
  const service = new ProbedService(declaration, request);
  try {
    return await probe(service, declaration, request);
  } finally {
    await service.close();
  }
}

async function probe(
  service: ProbedService,
  declaration: BatchDeclaration,
  request: ProbeRequest,
): Promise<ProbeResult> {
  const declared = declaration.maxKeys ?? 100;
  const known = request.keys.slice(0, Math.min(mostKnownKeys, declared));
  const result = (findings: readonly Finding[], maxKeys?: number): ProbeResult => {
    const { baseUrl, callCount } = service;
    return { call: declaration.call, baseUrl, calls: callCount, findings, maxKeys };
  };
  const [first] = known;
  const findings = await probeKnownKeys(service, declaration, known);
  // If the existing keys are not found, the other tests have no meaning.
  if (first === undefined || findings[0]?.verdict === "broken") return result(findings);

  const upTo = Math.max(declared, request.upTo ?? 0);
  const [unknownKey = "unknown", ...fillers] = generateKeys(first, upTo + 1, request.keys);
  const unknown = await probeUnknownKeys(service, declaration, first, request.unknownKey ?? unknownKey);
  const maximum = await probeMaximum(service, declaration, {
    keys: request.keys,
    fillers: unknown.areHarmless ? fillers : [],
    upTo,
    maxUrlLength: request.maxUrlLength ?? 2000,
  });
  const single = await probeSingle(service, declaration, first);
  return result([...findings, unknown.finding, maximum.finding, ...single], maximum.largest);
}
