import type { StandardSchemaV1 } from "@standard-schema/spec";
import { firstIssue } from "./issue-text.ts";
import { type RowList, type RowsOf, rowListOf } from "./row-list.ts";
import { validate } from "./validate.ts";

/** The rows of a body that are not as declared, and what is known of the others. */
export interface InvalidRows {
  readonly rows: readonly InvalidRow[];
  /** The other rows as they came, in their order. */
  readonly validRaw: readonly unknown[];
  /** The body as it came, with all of its rows. */
  readonly rawBody: unknown;
}

export interface InvalidRow {
  /** Its position among all rows. */
  readonly index: number;
  /** As it came. */
  readonly raw: unknown;
  /** `expected number, received null at [3].population`. */
  readonly fault: string;
}

type Issues = readonly StandardSchemaV1.Issue[];
/** The faults of rows, by their index. */
type Faults = ReadonlyMap<number, string>;

/** How often the rows that are left are held against the schema again, where it tells of one after the other. */
const maxRounds = 4;

/** How often parts of the rows that are left are held against the schema: enough for any rows of a thousand. */
const maxParts = 2000;

/**
 * The result of a schema for a body without the rows that are not as declared: those that its issues name, or, where these
 * name none or one after the other, those that are refused as the only row.
 * @returns undefined where it is not the rows that are wrong: the envelope, or the list as such; and where so many are, of
 * more than a thousand, that a schema which does not name them all at once would take too long
 */
export async function withoutInvalidRows(
  schema: StandardSchemaV1,
  json: unknown,
  firstIssues: Issues,
  rowsOf: RowsOf,
): Promise<{ readonly value: unknown; readonly invalid: InvalidRows } | undefined> {
  const list = rowListOf(json, rowsOf);
  if (list === undefined) return undefined;
  const faults = new Map<number, string>();
  let kept: readonly number[] = list.rows.map((_, index) => index);
  let issues = firstIssues;
  for (let round = 0; round <= maxRounds; round++) {
    if (issues.some(({ path }) => path !== undefined && path.length > 0 && !isInList(path, list))) return undefined;
    const named = round < maxRounds ? namedFaults(issues, list, kept) : undefined;
    const found = named ?? (await faultsByHalves(schema, list, kept));
    if (found === undefined || found.size === 0) return undefined;
    for (const [index, fault] of found) faults.set(index, fault);
    kept = kept.filter((index) => !faults.has(index));
    const result = await validate(schema, list.bodyWith(kept));
    if (result.issues === undefined) return { value: result.value, invalid: invalidRows(json, list, faults) };
    if (named === undefined) return undefined;
    issues = result.issues;
  }
  return undefined;
}

const invalidRows = (rawBody: unknown, { rows }: RowList, faults: Faults): InvalidRows => ({
  rows: [...faults].sort(([a], [b]) => a - b).map(([index, fault]) => ({ index, raw: rows[index], fault })),
  validRaw: rows.filter((_, index) => !faults.has(index)),
  rawBody,
});

/** Undefined when an issue names no row. */
function namedFaults(issues: Issues, list: RowList, kept: readonly number[]): Faults | undefined {
  const faults = new Map<number, string>();
  for (const issue of issues) {
    const index = kept[positionOf(issue.path, list)];
    if (index === undefined) return undefined;
    if (!faults.has(index)) faults.set(index, faultOf(issue, list, index));
  }
  return faults;
}

/**
 * Halves what is refused until one row is left. A few of many thousand are found so by some dozens of looks, each at a
 * part of the rows. Undefined when there are too many.
 */
async function faultsByHalves(
  schema: StandardSchemaV1,
  list: RowList,
  kept: readonly number[],
): Promise<Faults | undefined> {
  const faults = new Map<number, string>();
  const parts: (readonly number[])[] = [kept];
  for (let looks = 0; looks < maxParts; looks++) {
    const part = parts.pop();
    if (part === undefined) return faults;
    const { issues } = await validate(schema, list.bodyWith(part));
    if (issues === undefined) continue;
    const [first, ...others] = part;
    if (first !== undefined && others.length === 0) faults.set(first, faultOf(issues[0], list, first));
    const middle = part.length >> 1;
    if (middle > 0) parts.push(part.slice(middle), part.slice(0, middle));
  }
  return undefined;
}

/** The issue as one about the body with all rows. */
function faultOf(issue: StandardSchemaV1.Issue | undefined, list: RowList, index: number): string {
  if (issue === undefined) return `not as declared at ${index}`;
  const inRow = issue.path?.slice(list.path.length + 1) ?? [];
  return firstIssue([{ ...issue, path: [...list.path, index, ...inRow] }], list.body);
}

type IssuePath = NonNullable<StandardSchemaV1.Issue["path"]>;

const isInList = (path: IssuePath, list: RowList): boolean =>
  path.length > list.path.length && list.path.every((key, depth) => String(keyAt(path, depth)) === key);

function positionOf(path: StandardSchemaV1.Issue["path"], list: RowList): number {
  if (path === undefined || !isInList(path, list)) return -1;
  return Number(keyAt(path, list.path.length));
}

function keyAt(path: IssuePath, depth: number): PropertyKey | undefined {
  const segment = path[depth];
  return typeof segment === "object" ? segment.key : segment;
}
