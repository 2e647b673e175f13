import type { GraphQLError, GraphQLSchema, OperationDefinitionNode } from "graphql";
import type { CallLog } from "../../core/call-log.ts";
import type { ParsedDocument } from "../security/checked-documents.ts";
import { CostAnalysis } from "./cost-analysis.ts";
import { tooExpensive } from "./cost-refusal.ts";
import { EstimateCache } from "./estimate-cache.ts";
import { ExecutedCost } from "./executed-cost.ts";
import { expensivePath } from "./expensive-path.ts";
import { OperationCost } from "./operation-cost.ts";
import { OperationVariables, type RawVariables } from "./operation-variables.ts";
import { SchemaCosts } from "./schema-costs.ts";

/** The most that an operation may be estimated to cost, where nothing else is set. */
export const defaultMaxCost = 10_000;

/** Estimates what operations cost, before anything is executed. Estimates are cached with their documents. */
export class CostEstimator {
  readonly #costs: SchemaCosts;
  readonly #max: number | undefined;
  readonly #caches = new WeakMap<ParsedDocument, Map<OperationDefinitionNode, EstimateCache>>();

  /**
   * @param max the most that an operation may be estimated to cost; undefined for no limit
   * @throws RangeError that names the part of the schema whose weight or list size is invalid, or the option `maxCost`
   */
  constructor(schema: GraphQLSchema, max: number | undefined) {
    if (max !== undefined && !(max >= 1))
      throw new RangeError(`maxCost: expected a number, at least 1, or off, got ${max}.`);
    this.#costs = new SchemaCosts(schema);
    this.#max = max;
  }

  /** The cost of a valid operation. Its estimate is computed when it is first read. */
  costOf(
    parsed: ParsedDocument,
    operation: OperationDefinitionNode,
    raw: RawVariables,
    calls: Pick<CallLog, "sentShare">,
  ): OperationCost {
    const executed = () => {
      const analysis = this.#analysisOf(parsed, operation, new OperationVariables(operation, raw));
      analysis.total();
      return new ExecutedCost(analysis, this.#costs);
    };
    return new OperationCost({ estimate: () => this.#estimate(parsed, operation, raw), executed }, calls, this.#max);
  }

  /** The refusal of an operation that costs too much; undefined for any other one. */
  refusal(
    { estimate, max }: OperationCost,
    parsed: ParsedDocument,
    operation: OperationDefinitionNode,
    variables: RawVariables,
  ): GraphQLError | undefined {
    if (max === undefined || estimate <= max) return undefined;
    const analysis = this.#analysisOf(parsed, operation, new OperationVariables(operation, variables));
    const total = analysis.total();
    const root = analysis.root();
    return root && tooExpensive(estimate, max, expensivePath(analysis, root, total));
  }

  /** @throws GraphQLError for a list whose size is not given although it must be */
  #estimate(parsed: ParsedDocument, operation: OperationDefinitionNode, raw: RawVariables): number {
    const cache = this.#cacheOf(parsed, operation);
    const known = cache.get(raw);
    if (known !== undefined) return known;
    const variables = new OperationVariables(operation, raw);
    const analysis = this.#analysisOf(parsed, operation, variables);
    const estimate = analysis.total();
    if (analysis.fault) throw analysis.fault;
    cache.set(variables.read, raw, estimate);
    return estimate;
  }

  #analysisOf({ document }: ParsedDocument, operation: OperationDefinitionNode, variables: OperationVariables) {
    return new CostAnalysis(this.#costs, document, operation, variables);
  }

  #cacheOf(parsed: ParsedDocument, operation: OperationDefinitionNode): EstimateCache {
    let ofDocument = this.#caches.get(parsed);
    if (ofDocument === undefined) {
      ofDocument = new Map();
      this.#caches.set(parsed, ofDocument);
    }
    let cache = ofDocument.get(operation);
    if (cache === undefined) {
      cache = new EstimateCache();
      ofDocument.set(operation, cache);
    }
    return cache;
  }
}
