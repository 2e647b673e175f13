import type { DocumentNode, GraphQLError, OperationDefinitionNode } from "graphql";
import { CostAnalysis } from "./cost-analysis.ts";
import { tooExpensive } from "./cost-refusal.ts";
import { EstimateCache } from "./estimate-cache.ts";
import { ExecutedCost } from "./executed-cost.ts";
import { ExecutedSelections } from "./executed-selections.ts";
import { type ExpensivePath, expensivePath } from "./expensive-path.ts";
import { OperationVariables, type RawVariables } from "./operation-variables.ts";
import type { PossibleTypes } from "./possible-types.ts";
import type { SchemaCosts } from "./schema-costs.ts";

/** The costs of one operation, with any variables. Cached with its document. */
export class OperationCosts {
  readonly #costs: SchemaCosts;
  readonly #possibleTypes: PossibleTypes;
  readonly #document: DocumentNode;
  readonly #operation: OperationDefinitionNode;
  readonly #estimates = new EstimateCache();
  #executed: ExecutedSelections | undefined;
  /** Where it is the same for all variables: an operation that is refused is often sent again. */
  #expensivePath: ExpensivePath | undefined;

  constructor(
    costs: SchemaCosts,
    possibleTypes: PossibleTypes,
    document: DocumentNode,
    operation: OperationDefinitionNode,
  ) {
    this.#costs = costs;
    this.#possibleTypes = possibleTypes;
    this.#document = document;
    this.#operation = operation;
  }

  /** @throws GraphQLError for a list whose size is not given although it must be */
  estimate(raw: RawVariables): number {
    const known = this.#estimates.get(raw);
    if (known !== undefined) return known;
    const variables = new OperationVariables(raw, this.#operation);
    const analysis = this.#analysisOf(variables);
    const estimate = analysis.total();
    if (analysis.fault) throw analysis.fault;
    this.#estimates.set(variables.read, raw, estimate);
    return estimate;
  }

  /** Counts the cost of an execution. */
  executed(raw: RawVariables): ExecutedCost {
    this.#executed ??= this.#executedSelections();
    return new ExecutedCost(this.#executed, this.#costs, new OperationVariables(raw, this.#operation));
  }

  /** The refusal of an operation whose estimate is too high. */
  refusal(estimate: number, max: number, raw: RawVariables): GraphQLError {
    const path = this.#expensivePath ?? this.#findExpensivePath(estimate, raw);
    if (this.#estimates.isConstant) this.#expensivePath = path;
    return tooExpensive(estimate, max, path);
  }

  #findExpensivePath(estimate: number, raw: RawVariables): ExpensivePath {
    const analysis = this.#analysisOf(new OperationVariables(raw, this.#operation));
    // Decides whether fields are merged.
    analysis.total();
    return expensivePath(analysis, estimate);
  }

  #executedSelections(): ExecutedSelections {
    const analysis = this.#analysisOf(new OperationVariables({}), Number.POSITIVE_INFINITY);
    const { root } = analysis;
    return new ExecutedSelections(analysis, this.#costs, root ? [root.type] : [], root?.sets ?? []);
  }

  #analysisOf(variables: OperationVariables, maxMergeSteps?: number): CostAnalysis {
    const schema = { costs: this.#costs, possibleTypes: this.#possibleTypes };
    return new CostAnalysis(schema, this.#document, this.#operation, variables, maxMergeSteps);
  }
}
