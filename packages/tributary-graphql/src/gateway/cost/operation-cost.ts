import type { GraphQLError } from "graphql";
import type { CallLog } from "../../core/call-log.ts";
import type { Payload } from "../streaming/payload.ts";
import type { ExecutedCost } from "./executed-cost.ts";
import type { OperationCosts } from "./operation-costs.ts";
import type { RawVariables } from "./operation-variables.ts";

/** The cost of an operation as a client gets it. */
export interface CostReport {
  readonly estimate: number;
  /** Unset before anything was executed. */
  readonly actual?: number;
  /** Unset where there is no limit. */
  readonly max?: number;
}

/** The cost of one operation, in units of the weights of its schema: by default, about one unit per object. */
export class OperationCost {
  readonly #costs: OperationCosts;
  readonly #variables: RawVariables;
  readonly #calls: Pick<CallLog, "sentShare">;
  /** The most that is allowed; unset for no limit. */
  readonly max: number | undefined;
  #estimate: number | undefined;
  #executed: ExecutedCost | undefined;
  /** The result that was not looked at yet. */
  #result: Payload | undefined;

  /** @param calls of the request that executes the operation */
  constructor(
    costs: OperationCosts,
    variables: RawVariables,
    calls: Pick<CallLog, "sentShare">,
    max: number | undefined,
  ) {
    this.#costs = costs;
    this.#variables = variables;
    this.#calls = calls;
    this.max = max;
  }

  /**
   * Computed from the document and its variables, before anything is executed. Of a subscription, for each event.
   *
   * @throws GraphQLError for a list whose size is not given although it must be
   */
  get estimate(): number {
    this.#estimate ??= this.#costs.estimate(this.#variables);
    return this.#estimate;
  }

  /** The estimate, if somebody has read it; with a limit that is always so. */
  get knownEstimate(): number | undefined {
    return this.#estimate;
  }

  /**
   * The refusal of an operation that costs too much; undefined for any other one.
   *
   * @throws GraphQLError as `estimate`
   */
  refusal(): GraphQLError | undefined {
    if (this.max === undefined || this.estimate <= this.max) return undefined;
    return this.#costs.refusal(this.estimate, this.max, this.#variables);
  }

  /**
   * The weights of the estimate over the values of the result; undefined before there is one. Calls to sources that the HTTP
   * cache answered, and those that were shared with another request, are free: where two of four calls were, half of the cost
   * counts. Of a stream, the cost of the payloads so far.
   */
  get actual(): number | undefined {
    if (this.#result) {
      this.#executed ??= this.#costs.executed(this.#variables);
      this.#executed.add(this.#result);
      this.#result = undefined;
    }
    return this.#executed && Math.round(this.#executed.total * this.#calls.sentShare * 100) / 100;
  }

  /** A result in one piece. It is looked at when `actual` is read. */
  setResult(result: Payload): void {
    this.#result = result;
  }

  /** A payload of a stream. It is looked at now, and not kept. */
  addPayload(payload: Payload): void {
    this.#executed ??= this.#costs.executed(this.#variables);
    this.#executed.add(payload);
  }

  /** The cost of an event of this subscription. */
  ofEvent(calls: Pick<CallLog, "sentShare">): OperationCost {
    return new OperationCost(this.#costs, this.#variables, calls, this.max);
  }

  get report(): CostReport {
    const { estimate, actual, max } = this;
    return { estimate, ...(actual !== undefined && { actual }), ...(max !== undefined && { max }) };
  }
}
