import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { RequestScope } from "../core/request-scope.ts";
import { type Failing, invalidResponse } from "./errors.ts";
import { freezeDeeply } from "./frozen.ts";
import { firstIssue } from "./issue-text.ts";
import type { RowsOf } from "./row-list.ts";
import { type InvalidRows, withoutInvalidRows } from "./valid-rows.ts";
import { thrownIn, validate } from "./validate.ts";

/** A body that is as declared, maybe without some of its rows. */
export interface CheckedBody {
  readonly value: unknown;
  /** About how many the unchangeable value takes; undefined for one that a reader could change: it is for one reader. */
  readonly bytes: number | undefined;
  /** Undefined when all rows are as declared. */
  readonly invalid?: InvalidRows | undefined;
}

/**
 * A body parsed and held against what was declared. What differs goes to the log, shortened, and never to the client.
 * @param rowsOf finds the rows of a body; those that differ are then left out, and the rest stands. Undefined where the
 * whole body has to be as declared.
 * @throws DomainError `UPSTREAM_INVALID_RESPONSE` naming the service, the path and the first thing wrong
 */
export async function checkBody(
  failing: Failing,
  schema: StandardSchemaV1,
  text: string,
  rowsOf: RowsOf | undefined,
  log: RequestScope["log"],
): Promise<CheckedBody> {
  const { source, call, path } = failing;
  const refuse = (fault: string, cause: unknown) => {
    log.warn({ source, call, path, body: excerpt(text), bytes: Buffer.byteLength(text) }, `invalid answer: ${fault}`);
    return invalidResponse({ ...failing, status: 200 }, fault, cause);
  };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw refuse(text.trim() === "" ? "its body is empty" : "not JSON", error);
  }
  const result = await validate(schema, json);
  if (result.issues === undefined) return frozen(result.value, undefined);
  const part = rowsOf && (await withoutInvalidRows(schema, json, result.issues, rowsOf));
  if (part === undefined) {
    throw refuse(firstIssue(result.issues, json), thrownIn(result.issues) ?? result.issues);
  }
  const [first] = part.invalid.rows;
  const rows = { count: part.invalid.rows.length, faults: part.invalid.rows.slice(0, 5).map(({ fault }) => fault) };
  log.warn({ source, call, path, rows, row: excerpt(JSON.stringify(first?.raw) ?? "") }, "rows are not as declared");
  return frozen(part.value, part.invalid);
}

const frozen = (value: unknown, invalid: InvalidRows | undefined): CheckedBody => ({
  value,
  bytes: freezeDeeply(value),
  invalid,
});

const excerpt = (text: string): string => text.slice(0, 500);
