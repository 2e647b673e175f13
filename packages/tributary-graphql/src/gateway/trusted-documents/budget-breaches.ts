import type { OperationDefinitionNode } from "graphql";
import type { Logger } from "pino";
import type { CallLog } from "../../core/call-log.ts";
import type { CallBudget } from "./call-budget.ts";

/** How often the breaches of one operation are logged, in milliseconds. */
const logIntervalMs = 60_000;

/** A request, or an event of a subscription, that has ended. */
export interface EndedRequest {
  readonly operation: { readonly operation: OperationDefinitionNode } | undefined;
  readonly calls: CallLog;
  readonly log: Logger;
}

/** Compares the calls of requests with the budgets of their operations. Each breach is counted, and one per minute logged. */
export class BudgetBreaches {
  readonly #counts = new Map<string, number>();
  readonly #logged = new Map<string, { readonly at: number; readonly count: number }>();
  readonly #now: () => number;

  /** @param now in milliseconds. Default: the monotonic clock */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** By the name of the operation. */
  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  check(budget: CallBudget, { calls, log, operation }: EndedRequest): void {
    const made = calls.madeBySource(budget.perKey);
    let exceeded: Record<string, { readonly budget: number; readonly calls: number }> | undefined;
    for (const [source, count] of made) {
      const allowed = Object.hasOwn(budget.sources, source) ? (budget.sources[source] ?? 0) : 0;
      if (count <= allowed) continue;
      exceeded ??= {};
      exceeded[source] = { budget: allowed, calls: count };
    }
    if (exceeded) this.#breach(operation?.operation.name?.value ?? "", exceeded, log);
  }

  #breach(operationName: string, exceeded: object, log: Logger): void {
    const count = (this.#counts.get(operationName) ?? 0) + 1;
    this.#counts.set(operationName, count);
    const last = this.#logged.get(operationName);
    const now = this.#now();
    if (last && now - last.at < logIntervalMs) return;
    this.#logged.set(operationName, { at: now, count });
    const breaches = count - (last?.count ?? 0);
    log.warn({ operationName, exceeded, breaches }, "a trusted operation makes more calls than its budget");
  }
}
