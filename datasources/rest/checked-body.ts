import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { RequestScope } from "../../gateway/request-scope.ts";
import { invalidResponse } from "./errors.ts";
import { firstIssue } from "./issue-text.ts";
import type { Output } from "./upstream-read.ts";

/**
 * A body parsed and held against what was declared. The raw body of one that differs goes to the log, shortened, and
 * never to the client.
 * @throws DomainError `UPSTREAM_INVALID_RESPONSE` naming the service, the path and the first thing wrong
 */
export async function checkedBody<Schema extends StandardSchemaV1>(
  name: string,
  read: { readonly path: string; readonly body: Schema },
  text: string,
  log: RequestScope["log"],
): Promise<Output<Schema>> {
  const refuse = (what: string, cause: unknown) => {
    log.warn(
      { source: name, path: read.path, body: text.slice(0, 500), bytes: Buffer.byteLength(text) },
      `invalid answer: ${what}`,
    );
    return invalidResponse(name, read.path, what, cause);
  };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw refuse("not JSON", error);
  }
  const result = await read.body["~standard"].validate(json);
  if (result.issues !== undefined) throw refuse(firstIssue(result.issues, json), result.issues);
  return result.value;
}
