import type { StandardSchemaV1 } from "@standard-schema/spec";
import { firstIssue } from "./issue-text.ts";
import { type RowList, type RowsOf, rowListOf } from "./row-list.ts";
import { validate } from "./validate.ts";

/** The invalid rows of a body, and its raw parts. */
export interface InvalidRows {
  readonly rows: readonly InvalidRow[];
  /** The raw valid rows, in their order. */
  readonly validRaw: readonly unknown[];
  /** The raw body with all of its rows. */
  readonly rawBody: unknown;
}

export interface InvalidRow {
  /** The position among all rows. */
  readonly index: number;
  readonly raw: unknown;
  /** `expected number, received null at [3].population`. */
  readonly issue: string;
}

type Issues = readonly StandardSchemaV1.Issue[];
/** The issues of rows as text, by the index of the row. */
type IssuesByRow = ReadonlyMap<number, string>;

/** How often the remaining rows are validated again, for a schema that reports one invalid row at a time. */
const maxRounds = 4;

/** The maximum number of validations of a bisection: enough for any invalid rows of a thousand. */
const maxValidations = 2000;

/**
 * The result of a schema for a body without its invalid rows. The paths of the issues tell the rows; if issues have no
 * paths, or name one row at a time, the rows are found by bisection.
 * @returns undefined if the envelope or the list as a whole is invalid, or if a bisection would take too many
 * validations
 */
export async function withoutInvalidRows(
  schema: StandardSchemaV1,
  json: unknown,
  firstIssues: Issues,
  rowsOf: RowsOf,
): Promise<{ readonly value: unknown; readonly invalid: InvalidRows } | undefined> {
  const list = rowListOf(json, rowsOf);
  if (list === undefined) return undefined;
  const issuesByRow = new Map<number, string>();
  let kept: readonly number[] = list.rows.map((_, index) => index);
  let issues = firstIssues;
  for (let round = 0; round <= maxRounds; round++) {
    if (issues.some(({ path }) => path !== undefined && path.length > 0 && !isInList(path, list))) return undefined;
    const named = round < maxRounds ? issuesByPath(issues, list, kept) : undefined;
    const found = named ?? (await issuesByBisection(schema, list, kept));
    if (found === undefined || found.size === 0) return undefined;
    for (const [index, issue] of found) issuesByRow.set(index, issue);
    kept = kept.filter((index) => !issuesByRow.has(index));
    const result = await validate(schema, list.bodyWith(kept));
    if (result.issues === undefined) return { value: result.value, invalid: invalidRows(json, list, issuesByRow) };
    if (named === undefined) return undefined;
    issues = result.issues;
  }
  return undefined;
}

const invalidRows = (rawBody: unknown, { rows }: RowList, issuesByRow: IssuesByRow): InvalidRows => ({
  rows: [...issuesByRow].sort(([a], [b]) => a - b).map(([index, issue]) => ({ index, raw: rows[index], issue })),
  validRaw: rows.filter((_, index) => !issuesByRow.has(index)),
  rawBody,
});

/** Undefined if the path of an issue does not lead to a row. */
function issuesByPath(issues: Issues, list: RowList, kept: readonly number[]): IssuesByRow | undefined {
  const issuesByRow = new Map<number, string>();
  for (const issue of issues) {
    const index = kept[positionOf(issue.path, list)];
    if (index === undefined) return undefined;
    if (!issuesByRow.has(index)) issuesByRow.set(index, issueText(issue, list, index));
  }
  return issuesByRow;
}

/**
 * Bisects the rows until each invalid part is one row. It finds a few rows of many thousands in some dozens of
 * validations. Undefined if it takes more than `maxValidations`.
 */
async function issuesByBisection(
  schema: StandardSchemaV1,
  list: RowList,
  kept: readonly number[],
): Promise<IssuesByRow | undefined> {
  const issuesByRow = new Map<number, string>();
  const parts: (readonly number[])[] = [kept];
  for (let validations = 0; validations < maxValidations; validations++) {
    const part = parts.pop();
    if (part === undefined) return issuesByRow;
    const { issues } = await validate(schema, list.bodyWith(part));
    if (issues === undefined) continue;
    const [first, ...others] = part;
    if (first !== undefined && others.length === 0) issuesByRow.set(first, issueText(issues[0], list, first));
    const middle = part.length >> 1;
    if (middle > 0) parts.push(part.slice(middle), part.slice(0, middle));
  }
  return undefined;
}

/** The issue as text, with its path in the body with all rows. */
function issueText(issue: StandardSchemaV1.Issue | undefined, list: RowList, index: number): string {
  if (issue === undefined) return `invalid value at ${index}`;
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
