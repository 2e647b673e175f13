import type { GraphQLRequest } from "../request/graphql-request.ts";
import { backstopMs } from "../request/request-lifetime.ts";

/**
 * The value of work that calls hooks of plugins, which may never settle. Undefined if it has not settled
 *
 * - shortly after the execution was aborted, at the deadline or because the client has left: the partial answer of an execution
 *   inside the work is still taken;
 * - within the time of a request after the request has ended, which a hook that comes after the answer may hold back.
 *
 * @param drop gets a value that comes later
 * @param graceMs how long the work may take after the execution was aborted, in milliseconds
 */
export async function withinLifetime<Value extends object>(
  work: Promise<Value>,
  { lifetime }: GraphQLRequest,
  drop: (late: Value) => void,
  graceMs: number = backstopMs,
): Promise<Value | undefined> {
  const over = Promise.withResolvers<undefined>();
  let timer: NodeJS.Timeout | undefined;
  let isSettled = false;
  const endWithin = (ms: number): void => {
    if (!isSettled) timer ??= setTimeout(() => over.resolve(undefined), ms);
  };
  const onAbort = (): void => endWithin(graceMs);
  const { executionSignal } = lifetime;
  if (executionSignal.aborted) onAbort();
  else executionSignal.addEventListener("abort", onAbort, { once: true });
  lifetime.hold({ release: () => endWithin(lifetime.timeoutMs) });
  try {
    const value = await Promise.race([work, over.promise]);
    if (value === undefined) work.then(drop, () => undefined);
    return value;
  } finally {
    isSettled = true;
    clearTimeout(timer);
    executionSignal.removeEventListener("abort", onAbort);
  }
}
