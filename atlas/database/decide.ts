import type { AirportTable, CityTable } from "../../datasources/database.ts";
import type { Finding, PlaceRows, Rule } from "./checks.ts";
import type { Decision } from "./decisions.ts";

export interface DecidedRows {
  readonly cities: CityTable[];
  readonly airports: AirportTable[];
}

/** The rows after all decisions. @throws Error with a message of one line that names a finding without a decision */
export function decide(rows: PlaceRows, findings: readonly Finding[], decided: readonly Decision[]): DecidedRows {
  const bySubject = new Map(decided.map((decision) => [keyOf(decision), decision]));
  const undecided = findings.filter((finding) => !bySubject.has(keyOf(finding)));
  if (undecided.length > 0) throw new Error(describeUndecided(undecided));
  let { cities, airports } = { cities: [...rows.cities], airports: [...rows.airports] };
  for (const finding of findings) {
    const decision = bySubject.get(keyOf(finding));
    if (decision === undefined || decision.decision === "kept") continue;
    cities = apply(decision, "city", cities);
    airports = apply(decision, "airport", airports);
  }
  return { cities, airports };
}

function apply<Row extends CityTable | AirportTable>(
  { subject, decision, correction }: Decision,
  kind: "city" | "airport",
  rows: Row[],
): Row[] {
  const last = subject.split(", ").at(-1);
  const index = rows.findLastIndex((row) => `${kind} ${row.id}` === last);
  const row = rows[index];
  if (row === undefined) return rows;
  return decision === "dropped" ? rows.toSpliced(index, 1) : rows.with(index, { ...row, ...correction });
}

const keyOf = ({ rule, subject }: { rule: Rule; subject: string }): string => `${rule}: ${subject}`;

function describeUndecided([first, ...others]: readonly Finding[]): string {
  const more = others.length === 0 ? "" : `, and ${others.length} more`;
  return `The data has findings without a decision in atlas/database/decisions.ts: ${first?.rule}: ${first?.subject} (${first?.detail})${more}.`;
}
