import type { RestKey } from "../../../rest/reads.ts";
import type { BatchDeclaration } from "./declaration.ts";
import { broken, type Finding, holds } from "./finding.ts";
import { hasKey, keyedRows } from "./rows.ts";
import type { Answer, ProbedService } from "./service.ts";

export interface UnknownKeys {
  readonly finding: Finding;
  /** Whether keys that do not exist can be sent along without harm. */
  readonly areHarmless: boolean;
}

/** The service's response to an unknown key, beside a known one and alone. Two calls. */
export async function probeUnknownKeys(
  service: ProbedService,
  declaration: BatchDeclaration,
  known: RestKey,
  unknown: RestKey,
): Promise<UnknownKeys> {
  const shown = JSON.stringify(unknown);
  const beside = await service.ask([known, unknown]);
  const fault = faultBeside(declaration, beside, known, unknown);
  if (fault !== undefined) {
    return { finding: broken("missing keys", `with the unknown key ${shown}, ${fault}`), areHarmless: false };
  }
  const alone = await service.ask([unknown]);
  const rows = keyedRows(declaration, alone).rows.length;
  if (rows > 0) {
    const words = `asked for the unknown key ${shown} alone, it gives ${rows} rows: it seems not to look at the keys`;
    return { finding: broken("missing keys", words), areHarmless: true };
  }
  const how = keyedRows(declaration, beside).nullCount > 0 ? "has null at its position" : "is left out of the answer";
  if (alone.status === 200 && alone.fault === undefined) {
    return { finding: holds("missing keys", `an unknown key ${how}`), areHarmless: true };
  }
  const what =
    alone.status === 200 ? `gets an answer that was not declared: ${alone.fault}` : `gets status ${alone.status}`;
  const words = `an unknown key ${how} beside others, but alone it ${what}: its reader fails instead of finding nothing`;
  return { finding: broken("missing keys", words), areHarmless: true };
}

/** The fault of a response to a known and an unknown key, in words that fit after "with …,". */
function faultBeside(
  declaration: BatchDeclaration,
  answer: Answer,
  known: RestKey,
  unknown: RestKey,
): string | undefined {
  if (answer.status !== 200)
    return `the whole call gets status ${answer.status}, the known key ${JSON.stringify(known)} too`;
  const rows = keyedRows(declaration, answer);
  if (answer.fault !== undefined && rows.nullCount > 0) {
    return `the answer has null at its position, which the body that was declared does not allow (${answer.fault}): let the rows be nullable, and keyOf take null`;
  }
  if (answer.fault !== undefined) return `the answer is not the body that was declared: ${answer.fault}`;
  if (!hasKey(rows, known)) return `the known key ${JSON.stringify(known)} has no row any more`;
  return hasKey(rows, unknown) ? "a row came that has it: it is not unknown, give another by --unknown-key" : undefined;
}
