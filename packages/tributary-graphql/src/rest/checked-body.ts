import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { RequestScope } from "../core/request-scope.ts";
import { deepFreeze } from "./deep-freeze.ts";
import { type CallDetails, invalidResponse } from "./errors.ts";
import { firstIssue } from "./issue-text.ts";
import type { RowsOf } from "./row-list.ts";
import { type InvalidRows, withoutInvalidRows } from "./valid-rows.ts";
import { thrownIn, validate } from "./validate.ts";

/** A valid body, or a body without its invalid rows. */
export interface CheckedBody {
  readonly value: unknown;
  /**
   * The approximate size of the frozen value; undefined for a value that cannot be frozen and so must not be shared.
   */
  readonly bytes: number | undefined;
  /** Undefined if all rows are valid. */
  readonly invalid?: InvalidRows | undefined;
}

/**
 * Parses and validates a body. An invalid body or row is logged, truncated, and never sent to a client.
 * @param rowsOf finds the rows of a body, of which the invalid ones are left out. Undefined if the whole body must be
 * valid.
 * @throws DomainError `UPSTREAM_INVALID_RESPONSE` with the service, the path and the first issue
 */
export async function checkBody(
  details: CallDetails,
  schema: StandardSchemaV1,
  text: string,
  rowsOf: RowsOf | undefined,
  log: RequestScope["log"],
): Promise<CheckedBody> {
  const { source, call, path } = details;
  const refuse = (issue: string, cause: unknown) => {
    log.warn({ source, call, path, body: excerpt(text), bytes: Buffer.byteLength(text) }, `invalid response: ${issue}`);
    return invalidResponse({ ...details, status: 200 }, issue, cause);
  };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw refuse(text.trim() === "" ? "its body is empty" : "its body is not JSON", error);
  }
  const result = await validate(schema, json);
  if (result.issues === undefined) return shareable(result.value, undefined);
  const part = rowsOf && (await withoutInvalidRows(schema, json, result.issues, rowsOf));
  if (part === undefined) {
    throw refuse(firstIssue(result.issues, json), thrownIn(result.issues) ?? result.issues);
  }
  const [first] = part.invalid.rows;
  const rows = { count: part.invalid.rows.length, issues: part.invalid.rows.slice(0, 5).map(({ issue }) => issue) };
  log.warn({ source, call, path, rows, row: excerpt(JSON.stringify(first?.raw) ?? "") }, "a response has invalid rows");
  return shareable(part.value, part.invalid);
}

const shareable = (value: unknown, invalid: InvalidRows | undefined): CheckedBody => ({
  value,
  bytes: deepFreeze(value),
  invalid,
});

const excerpt = (text: string): string => text.slice(0, 500);
