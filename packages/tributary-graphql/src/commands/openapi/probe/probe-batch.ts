import type { RestKey } from "../../../rest/reads.ts";
import type { BatchDeclaration } from "./declaration.ts";
import type { Finding } from "./finding.ts";
import { probeKnownKeys } from "./known-keys.ts";
import { madeUpKeys } from "./made-up-keys.ts";
import { probeMaximum } from "./maximum.ts";
import { ProbedService, type ProbeOptions } from "./service.ts";
import { probeSingle } from "./single.ts";
import { probeUnknownKeys } from "./unknown-keys.ts";

export interface ProbeRequest extends ProbeOptions {
  /** Keys that the service knows. The more there are, the more can be told. */
  readonly keys: readonly RestKey[];
  /** A key that it does not know. Default: one made up in the likeness of the first. */
  readonly unknownKey?: RestKey;
  /** Try more keys in one call than are declared. */
  readonly upTo?: number;
  /** Where the readers will cut. Default 2000, as theirs. */
  readonly maxUrlLength?: number;
}

export interface ProbeResult {
  readonly call: string;
  /** Without credentials. */
  readonly baseUrl: string;
  readonly calls: number;
  readonly findings: readonly Finding[];
  /** The largest possible `maxKeys`: the most keys that were answered in full; undefined where that is not known. */
  readonly maxKeys: number | undefined;
}

/** Enough to see an order, and few enough for any service. */
const mostKnownKeys = 10;

/**
 * Asks a live service whether it does what a batch read assumes: one call after the other, each a read.
 * @throws CommandError when the service cannot be reached, or when it takes more calls than allowed
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
  // Where the known keys are not found, nothing else can be told.
  if (first === undefined || findings[0]?.verdict === "broken") return result(findings);

  const upTo = Math.max(declared, request.upTo ?? 0);
  const [unknownKey = "unknown", ...fillers] = madeUpKeys(first, upTo + 1, request.keys);
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
