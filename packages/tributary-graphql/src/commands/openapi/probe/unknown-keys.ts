import type { RestKey } from "../../../rest/reads.ts";
import type { BatchDeclaration } from "./declaration.ts";
import { broken, type Finding, holds } from "./finding.ts";
import { hasKey, keyedRows } from "./rows.ts";
import type { ProbedService, ProbeResponse } from "./service.ts";

export interface UnknownKeys {
  readonly finding: Finding;
  /** Whether a call with unknown keys still returns the rows of existing ones. */
  readonly areHarmless: boolean;
}

/** Tests the responses to an unknown key, together with an existing one and alone. Makes two calls. */
export async function probeUnknownKeys(
  service: ProbedService,
  declaration: BatchDeclaration,
  known: RestKey,
  unknown: RestKey,
): Promise<UnknownKeys> {
  const shown = JSON.stringify(unknown);
  const together = await service.read([known, unknown]);
  const fault = faultOf(declaration, together, known, unknown);
  if (fault !== undefined) {
    return { finding: broken("missing keys", `with the unknown key ${shown}, ${fault}`), areHarmless: false };
  }
  const alone = await service.read([unknown]);
  const rows = keyedRows(declaration, alone).rows.length;
  if (rows > 0) {
    const message = `a call with only the unknown key ${shown} returns ${rows} rows: the service seems to ignore the keys`;
    return { finding: broken("missing keys", message), areHarmless: true };
  }
  const how = keyedRows(declaration, together).nullCount > 0 ? "has null at its position" : "has no row";
  if (alone.status === 200 && alone.fault === undefined) {
    return { finding: holds("missing keys", `an unknown key ${how}`), areHarmless: true };
  }
  const failure =
    alone.status === 200 ? `does not match the declared body (${alone.fault})` : `has status ${alone.status}`;
  const message = `an unknown key ${how} together with others, but the response to it alone ${failure}: the reader fails instead of returning null`;
  return { finding: broken("missing keys", message), areHarmless: true };
}

/** The fault of a response to an existing and an unknown key, as a clause after "with …,". */
function faultOf(
  declaration: BatchDeclaration,
  response: ProbeResponse,
  known: RestKey,
  unknown: RestKey,
): string | undefined {
  if (response.status !== 200)
    return `the whole call fails with status ${response.status}, also for the existing key ${JSON.stringify(known)}`;
  const rows = keyedRows(declaration, response);
  if (response.fault !== undefined && rows.nullCount > 0) {
    return `the response has null at its position, which the declared body does not allow (${response.fault}): make the rows nullable, and let keyOf accept null`;
  }
  if (response.fault !== undefined) return `the response does not match the declared body: ${response.fault}`;
  if (!hasKey(rows, known)) return `the existing key ${JSON.stringify(known)} has no row`;
  return hasKey(rows, unknown) ? "there is a row, so the key exists: pass another --unknown-key" : undefined;
}
