import type { GraphQLSchema, OperationDefinitionNode } from "graphql";
import type { CallLog } from "../../core/call-log.ts";
import type { ParsedDocument } from "../security/checked-documents.ts";
import { OperationCost } from "./operation-cost.ts";
import { OperationCosts } from "./operation-costs.ts";
import type { RawVariables } from "./operation-variables.ts";
import { PossibleTypes } from "./possible-types.ts";
import { SchemaCosts } from "./schema-costs.ts";

/** The most that an operation may be estimated to cost, where nothing else is set. */
export const defaultMaxCost = 10_000;

/** Estimates what operations cost, before anything is executed. Estimates are cached with their documents. */
export class CostEstimator {
  readonly #costs: SchemaCosts;
  readonly #possibleTypes: PossibleTypes;
  readonly #max: number | undefined;
  readonly #operations = new WeakMap<ParsedDocument, Map<OperationDefinitionNode, OperationCosts>>();

  /**
   * @param max the most that an operation may be estimated to cost; undefined for no limit
   * @throws RangeError that names the part of the schema whose weight or list size is invalid, or the option `maxCost`
   */
  constructor(schema: GraphQLSchema, max: number | undefined) {
    if (max !== undefined && !(max >= 1))
      throw new RangeError(`maxCost: expected a number, at least 1, or off, got ${max}.`);
    this.#costs = new SchemaCosts(schema);
    this.#possibleTypes = new PossibleTypes(this.#costs);
    this.#max = max;
  }

  /** The cost of a valid operation. Its estimate is computed when it is first read. */
  costOf(
    parsed: ParsedDocument,
    operation: OperationDefinitionNode,
    variables: RawVariables,
    calls: Pick<CallLog, "sentShare">,
  ): OperationCost {
    return new OperationCost(this.#costsOf(parsed, operation), variables, calls, this.#max);
  }

  #costsOf(parsed: ParsedDocument, operation: OperationDefinitionNode): OperationCosts {
    let ofDocument = this.#operations.get(parsed);
    if (ofDocument === undefined) {
      ofDocument = new Map();
      this.#operations.set(parsed, ofDocument);
    }
    let costs = ofDocument.get(operation);
    if (costs === undefined) {
      costs = new OperationCosts(this.#costs, this.#possibleTypes, parsed.document, operation);
      ofDocument.set(operation, costs);
    }
    return costs;
  }
}
