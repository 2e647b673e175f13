import { type HttpHint, httpHintOf } from "../security/refusal.ts";
import type { Payload } from "../streaming/payload.ts";
import { hasData } from "../streaming/publish.ts";

export interface Head {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** The headers of most answers. */
export const noHeaders: Head["headers"] = {};
const executed: Head = { status: 200, headers: noHeaders };

/**
 * The response's status and headers. An answer with data is 200, whatever its errors. One without has the status that its
 * errors name, as those of plugins and refusals do, except that GraphQL over HTTP wants 200 for a faulty document in
 * `application/json`; otherwise it is 200 if it was executed, and 500 if it was not. `extensions.http` of a result, by which
 * a plugin for Yoga sets status and headers, counts before both.
 */
export function headOf(payload: Payload, isPlainJson: boolean): Head {
  const own = payload.extensions?.http as HttpHint | undefined;
  if (payload.hasNext !== undefined || (own === undefined && payload.errors === undefined)) return executed;
  let status = 0;
  const headers: Record<string, string> = { ...own?.headers };
  for (const error of payload.errors ?? []) {
    const hint = httpHintOf(error);
    const isLenient = isPlainJson && hint?.isDocumentFault === true;
    status = Math.max(status, isLenient ? 200 : (hint?.status ?? ("data" in payload ? 200 : 500)));
    Object.assign(headers, hint?.headers);
  }
  if (hasData(payload)) status = 200;
  return { status: own?.status ?? (status || 200), headers };
}
