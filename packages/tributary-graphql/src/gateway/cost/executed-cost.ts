import type { Payload, ResponsePath } from "../streaming/payload.ts";
import { executionCost } from "./argument-weights.ts";
import type { ExecutedField, ExecutedSelections } from "./executed-selections.ts";
import type { OperationVariables } from "./operation-variables.ts";
import { type SchemaCosts, saturated } from "./schema-costs.ts";

type Values = Readonly<Record<string, unknown>>;

/** The cost of what was executed: the weights of the estimate, over the values of the result. */
export class ExecutedCost {
  readonly #root: ExecutedSelections;
  readonly #costs: SchemaCosts;
  readonly #variables: OperationVariables;
  /** The paths of the parts that are to follow. */
  readonly #pending = new Map<string, ResponsePath>();
  #total = 0;

  constructor(root: ExecutedSelections, costs: SchemaCosts, variables: OperationVariables) {
    this.#root = root;
    this.#costs = costs;
    this.#variables = variables;
  }

  get total(): number {
    return this.#total;
  }

  /** A whole result, or a payload of a stream. */
  add({ data, pending, incremental }: Payload): void {
    for (const part of pending ?? []) this.#pending.set(part.id, part.path);
    if (isObject(data)) this.#add(this.#costOfValue(this.#root, data));
    for (const { id, subPath = [], data: part, items } of incremental ?? []) {
      const selections = this.#root.at([...(this.#pending.get(id) ?? []), ...subPath]);
      if (selections === undefined) continue;
      // Items are new objects. The object of a deferred fragment came in an earlier payload.
      if (items) this.#add(this.#costOfValue(selections, items));
      else if (isObject(part)) this.#add(this.#costOfFields(selections, part));
    }
  }

  #add(cost: number): void {
    this.#total = saturated(this.#total + cost);
  }

  #costOfValue(selections: ExecutedSelections, value: unknown): number {
    if (value === null || value === undefined) return 0;
    if (Array.isArray(value)) {
      let cost = 0;
      for (const item of value) cost += this.#costOfValue(selections, item);
      return saturated(cost);
    }
    return selections.weight + (isObject(value) ? this.#costOfFields(selections, value) : 0);
  }

  /** A field without a value was executed, unless it is not there at all. */
  #costOfFields({ fields }: ExecutedSelections, values: Values): number {
    let cost = 0;
    for (const [responseName, field] of fields) {
      const value = values[responseName];
      if (value !== undefined) cost += this.#executionCostOf(field) + this.#costOfValue(field.within, value);
    }
    return saturated(cost);
  }

  #executionCostOf({ weight, weighed }: ExecutedField): number {
    let most = weight;
    for (const { cost, node } of weighed)
      most = Math.max(most, executionCost(cost, node, this.#costs, this.#variables));
    return most;
  }
}

const isObject = (value: unknown): value is Values => typeof value === "object" && value !== null;
