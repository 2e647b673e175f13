import { z } from "zod";
import type { RequestScope } from "../../gateway/request-scope.ts";
import { invalidResponse } from "./errors.ts";

/**
 * A body parsed and held against what was declared. The raw body of one that differs goes to the log, shortened, and
 * never to the client.
 * @throws DomainError `UPSTREAM_INVALID_RESPONSE` naming the service, the path and the first thing wrong
 */
export function checkedBody<Schema extends z.ZodType>(
  name: string,
  read: { readonly path: string; readonly body: Schema },
  text: string,
  log: RequestScope["log"],
): z.infer<Schema> {
  const refuse = (what: string, cause: unknown) => {
    log.warn(
      { source: name, path: read.path, body: text.slice(0, 500), bytes: text.length },
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
  const result = read.body.safeParse(json);
  if (!result.success) throw refuse(firstIssue(result.error), result.error);
  return result.data;
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue === undefined ? "not as declared" : `${issue.message} at ${z.core.toDotPath(issue.path) || "its top"}`;
}
