import type { Logger } from "pino";
import { isCodedError } from "../../core/error-codes.ts";
import { errorFields } from "../telemetry/error-fields.ts";
import { jsonResponse } from "./json-response.ts";
import type { LifecycleState } from "./lifecycle.ts";

/** Fulfils when what it checks works; otherwise rejects with the reason, soon after the signal at the latest. */
export type ReadinessCheck = (signal: AbortSignal) => Promise<void>;
export type ReadinessChecks = Readonly<Record<string, ReadinessCheck>>;

/** How everything that serves together is. One of several processes answers for all of them. */
export interface ClusterState {
  readonly state: LifecycleState;
  /** Failures although the state is `ready`, by name, each with its reason. */
  readonly failed: Readonly<Record<string, string>>;
}

const uncached = { "cache-control": "no-store" };

/** The process runs. Does not ask what it depends on: a restart would not mend that. */
export const liveResponse = (): Response => jsonResponse({ status: "live" }, 200, uncached);

/**
 * Whether requests should be sent here: 200 `ready`, else 503 with `starting`, `draining`, or `unready` and the checks
 * that failed, each with its reason.
 */
export async function readyResponse(
  whole: ClusterState,
  checks: ReadinessChecks,
  timeoutMs: number,
  logger: Logger,
): Promise<Response> {
  if (whole.state !== "ready") return jsonResponse({ status: whole.state }, 503, uncached);
  const results = await Promise.all(
    Object.entries(checks).map(
      async ([name, check]) => [name, await failureOf(check, timeoutMs, logger.child({ check: name }))] as const,
    ),
  );
  const failed = [...Object.entries(whole.failed), ...results.filter(([, failure]) => failure !== undefined)];
  if (failed.length === 0) return jsonResponse({ status: "ready" }, 200, uncached);
  return jsonResponse({ status: "unready", failed: Object.fromEntries(failed) }, 503, uncached);
}

async function run(check: ReadinessCheck, signal: AbortSignal, logger: Logger): Promise<string | undefined> {
  try {
    await check(signal);
    return undefined;
  } catch (error) {
    logger.warn({ err: errorFields(error) }, "a readiness check failed");
    // The message of a driver may name hosts and users; that of a coded error is meant to be read.
    return isCodedError(error) ? error.message : "failed";
  }
}

/** Why a check failed; undefined if it passed. A check that ignores its signal fails all the same. */
async function failureOf(check: ReadinessCheck, timeoutMs: number, logger: Logger): Promise<string | undefined> {
  const controller = new AbortController();
  const late = Promise.withResolvers<string>();
  const timer = setTimeout(() => {
    late.resolve(`no answer within ${timeoutMs} ms`);
    controller.abort(new DOMException("The readiness check took too long.", "TimeoutError"));
  }, timeoutMs);
  const outcome = run(check, controller.signal, logger);
  try {
    return await Promise.race([outcome, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
