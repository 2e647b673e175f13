import { httpHintOf } from "../security/refusal.ts";
import type { Payload } from "../streaming/payload.ts";

export interface Head {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** What most answers have. */
export const noHeaders: Head["headers"] = {};
const executed: Head = { status: 200, headers: noHeaders };

/**
 * The response's status and headers. An answer that was executed is 200, whatever its errors; a request that was refused
 * has the status of its refusal, except that GraphQL over HTTP wants 200 for a faulty document in `application/json`.
 */
export function headOf(payload: Payload, isPlainJson: boolean): Head {
  if ("data" in payload || payload.hasNext !== undefined) return executed;
  let status = 0;
  const headers: Record<string, string> = {};
  for (const error of payload.errors ?? []) {
    const hint = httpHintOf(error);
    const isLenient = isPlainJson && hint?.isDocumentFault === true;
    status = Math.max(status, isLenient ? 200 : (hint?.status ?? 500));
    Object.assign(headers, hint?.headers);
  }
  return { status: status || 200, headers };
}
