import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  GraphQLIncludeDirective,
  type GraphQLNamedOutputType,
  type GraphQLObjectType,
  GraphQLSkipDirective,
  type InlineFragmentNode,
  isAbstractType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from "graphql";
import type { ListSize } from "../../core/cost-options.ts";
import { refusal } from "../security/refusal.ts";
import { executionCost } from "./argument-weights.ts";
import type { OperationVariables } from "./operation-variables.ts";
import type { PossibleTypes } from "./possible-types.ts";
import { defaultListSize, type FieldCost, type SchemaCosts, saturated } from "./schema-costs.ts";
import { sliceOf } from "./slicing-arguments.ts";

/**
 * How many selections are visited while fields of the same response name are merged, as they are for execution. Fragments can
 * ask for more fields than that in a short text: then the costs of all selections are added, which visits each of them once.
 */
const defaultMergeSteps = 20_000;

/** A cost that depends on the size of the list that contains it: `fixed + perItem * size`. */
interface Cost {
  fixed: number;
  perItem: number;
}

/** The selection sets of one object. */
export interface Selections {
  readonly type: GraphQLObjectType;
  readonly sets: readonly SelectionSetNode[];
  /** The list size of the field that returned the object, if it is about fields of the object. */
  readonly sizedBy: ListSize | undefined;
  /** The number of items of these fields. */
  readonly size: number;
}

/** A field of an object, with all selections of the same response name. */
export interface FieldSelections {
  readonly cost: FieldCost;
  readonly nodes: readonly FieldNode[];
}

/** The cost of one field of one object. */
export interface FieldEstimate {
  /** Of the execution. */
  readonly own: number;
  /** Whether the number of values is the size of the list that contains the field. */
  readonly isSized: boolean;
  /** The number of values, or of lists if `isSized`. */
  readonly count: number;
  /** Of one value. */
  readonly each: number;
  /** The selections of one value; of an abstract type those of its most expensive possible type. Unset for a leaf. */
  readonly within: Selections | undefined;
}

type ValueEstimate = Pick<FieldEstimate, "each" | "within">;

class TooManySteps extends Error {}

/** Estimates the cost of one operation with one set of variables. */
export class CostAnalysis {
  readonly #costs: SchemaCosts;
  readonly #possibleTypes: PossibleTypes;
  readonly #operation: OperationDefinitionNode;
  readonly #variables: OperationVariables;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #ids = new Map<object, number>();
  /** By selection sets and, of the second, type. */
  #values = new Map<string, ValueEstimate>();
  #known = new Map<string, Cost>();
  readonly #conditions = new Map<SelectionSetNode, ReadonlySet<string>>();
  #merges = true;
  #stepsLeft: number;
  /** The first list whose size is not given although it must be. */
  fault: GraphQLError | undefined = undefined;

  /** @param maxMergeSteps how many selections may be visited while they are merged. Default 20,000 */
  constructor(
    { costs, possibleTypes }: { readonly costs: SchemaCosts; readonly possibleTypes: PossibleTypes },
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: OperationVariables,
    maxMergeSteps = defaultMergeSteps,
  ) {
    this.#costs = costs;
    this.#possibleTypes = possibleTypes;
    this.#stepsLeft = maxMergeSteps;
    this.#operation = operation;
    this.#variables = variables;
    const fragments = new Map<string, FragmentDefinitionNode>();
    for (const each of document.definitions) {
      if (each.kind === Kind.FRAGMENT_DEFINITION) fragments.set(each.name.value, each);
    }
    this.#fragments = fragments;
  }

  /** Of the whole operation; of a subscription, for each event. At most two decimals, and at most `maxEstimate`. */
  total(): number {
    const { root } = this;
    if (root === undefined) return 0;
    try {
      return this.#estimate(root);
    } catch (error) {
      if (!(error instanceof TooManySteps)) throw error;
      this.#merges = false;
      this.#stepsLeft = Number.POSITIVE_INFINITY;
      this.#known = new Map();
      this.#values = new Map();
      return this.#estimate(root);
    } finally {
      // What is asked for afterwards was visited before.
      this.#stepsLeft = Number.POSITIVE_INFINITY;
    }
  }

  /** The root object; undefined where the schema has no such operation. */
  get root(): Selections | undefined {
    const type = this.#costs.schema.getRootType(this.#operation.operation);
    return type ? { type, sets: [this.#operation.selectionSet], sizedBy: undefined, size: 0 } : undefined;
  }

  #estimate(root: Selections): number {
    const cost = this.#costs.weightOf(root.type) + this.#costOf(root.type, root.sets, undefined).fixed;
    // Weights may have decimals, whose sums are inexact.
    return saturated(Math.round(cost * 100) / 100);
  }

  /** The fields of an object. Those of one response name are one field, unless that takes too many steps. */
  fieldsOf({ type, sets }: Pick<Selections, "type" | "sets">): FieldSelections[] {
    const fields: FieldSelections[] = [];
    if (this.#merges) {
      for (const nodes of this.#merged(type, sets).values()) this.#add(type, nodes, fields);
    } else {
      for (const set of sets) this.#collect(type, set, (node) => this.#add(type, [node], fields));
    }
    return fields;
  }

  #add(type: GraphQLObjectType, nodes: readonly FieldNode[], fields: FieldSelections[]): void {
    const cost = nodes[0] && this.#costs.fieldCost(type, nodes[0].name.value);
    if (cost && !cost.isFree) fields.push({ cost, nodes });
  }

  /** @param sizedBy of the object whose field this is */
  estimateField({ cost, nodes }: FieldSelections, { sizedBy }: Pick<Selections, "sizedBy">): FieldEstimate {
    const [node] = nodes as readonly [FieldNode];
    const { listSize } = cost;
    const own = executionCost(cost, node, this.#costs, this.#variables);
    const isSized = cost.listDepth > 0 && (sizedBy?.sizedFields?.includes(cost.field.name) ?? false);
    const size = listSize && this.#sizeOf(listSize, cost, node);
    const ownSize = listSize?.sizedFields === undefined ? size : undefined;
    const outer = cost.listDepth === 0 || isSized ? 1 : (ownSize ?? defaultListSize);
    const count = saturated(outer * defaultListSize ** Math.max(0, cost.listDepth - 1));
    const within = listSize?.sizedFields === undefined ? undefined : listSize;
    return { own, isSized, count, ...this.#value(cost.type, nodes, within, size ?? 0) };
  }

  #value(
    type: GraphQLNamedOutputType,
    nodes: readonly FieldNode[],
    sizedBy: ListSize | undefined,
    size: number,
  ): ValueEstimate {
    const sets = setsOf(nodes);
    const key = `${type.name} ${size} ${this.#keyOf(sets, sizedBy)}`;
    let value = this.#values.get(key);
    if (value === undefined) {
      value = this.#mostExpensive(type, sets, sizedBy, size);
      this.#values.set(key, value);
    }
    return value;
  }

  #mostExpensive(
    type: GraphQLNamedOutputType,
    sets: readonly SelectionSetNode[],
    sizedBy: ListSize | undefined,
    size: number,
  ): ValueEstimate {
    const possible = this.possibleTypes(type, sets);
    if (possible.length === 0) return { each: this.#costs.weightOf(type), within: undefined };
    let each = -1;
    let within: Selections | undefined;
    for (const object of possible) {
      const { fixed, perItem } = this.#costOf(object, sets, sizedBy);
      const cost = saturated(this.#costs.weightOf(object) + fixed + perItem * size);
      if (cost <= each) continue;
      each = cost;
      within = { type: object, sets, sizedBy, size };
    }
    return { each, within };
  }

  /** The object types of the values of a field, those of the same cost once. */
  possibleTypes(type: GraphQLNamedOutputType, sets: readonly SelectionSetNode[]): readonly GraphQLObjectType[] {
    if (!isAbstractType(type)) return this.#possibleTypes.of(type);
    const conditions = new Set<string>();
    for (const set of sets) for (const name of this.#conditionsOf(set)) conditions.add(name);
    return this.#possibleTypes.of(type, conditions);
  }

  /** The names of the types in the type conditions of a selection set, not within its fields. */
  #conditionsOf(set: SelectionSetNode): ReadonlySet<string> {
    const known = this.#conditions.get(set);
    if (known) return known;
    const names = new Set<string>();
    this.#conditions.set(set, names);
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) continue;
      const fragment = this.#definitionOf(selection);
      if (fragment === undefined) continue;
      if (fragment.typeCondition) names.add(fragment.typeCondition.name.value);
      for (const name of this.#conditionsOf(fragment.selectionSet)) names.add(name);
    }
    return names;
  }

  /** Of all fields of one object. Each combination of type and selection sets is estimated once. */
  #costOf(type: GraphQLObjectType, sets: readonly SelectionSetNode[], sizedBy: ListSize | undefined): Cost {
    const key = `${type.name} ${this.#keyOf(sets, sizedBy)}`;
    const known = this.#known.get(key);
    if (known) return known;
    const cost: Cost = { fixed: 0, perItem: 0 };
    this.#known.set(key, cost);
    if (this.#merges) {
      for (const field of this.fieldsOf({ type, sets })) this.#addField(field, sizedBy, cost);
      return cost;
    }
    for (const set of sets) this.#addSelections(type, set, sizedBy, cost);
    return cost;
  }

  #addField(field: FieldSelections, sizedBy: ListSize | undefined, sum: Cost): void {
    const { own, isSized, count, each } = this.estimateField(field, { sizedBy });
    const values = saturated(count * each);
    sum.fixed = saturated(sum.fixed + own + (isSized ? 0 : values));
    sum.perItem = saturated(sum.perItem + (isSized ? values : 0));
  }

  /** Without merging: a fragment is estimated once, however often it is spread. */
  #addSelections(
    type: GraphQLObjectType,
    { selections }: SelectionSetNode,
    sizedBy: ListSize | undefined,
    sum: Cost,
  ): void {
    for (const selection of selections) {
      if (!this.#isIncluded(selection)) continue;
      if (selection.kind === Kind.FIELD) {
        const fields: FieldSelections[] = [];
        this.#add(type, [selection], fields);
        for (const field of fields) this.#addField(field, sizedBy, sum);
        continue;
      }
      const fragment = this.#fragmentOf(selection, type);
      if (fragment === undefined) continue;
      const { fixed, perItem } = this.#costOf(type, [fragment], sizedBy);
      sum.fixed = saturated(sum.fixed + fixed);
      sum.perItem = saturated(sum.perItem + perItem);
    }
  }

  #merged(type: GraphQLObjectType, sets: readonly SelectionSetNode[]): ReadonlyMap<string, FieldNode[]> {
    const byResponseName = new Map<string, FieldNode[]>();
    const visited = new Set<string>();
    const onField = (node: FieldNode): void => {
      const name = (node.alias ?? node.name).value;
      const nodes = byResponseName.get(name);
      if (nodes === undefined) byResponseName.set(name, [node]);
      else if (node.selectionSet !== undefined) nodes.push(node);
    };
    for (const set of sets) this.#collect(type, set, onField, visited);
    return byResponseName;
  }

  #collect(
    type: GraphQLObjectType,
    { selections }: SelectionSetNode,
    onField: (node: FieldNode) => void,
    visited: Set<string> = new Set(),
  ): void {
    if (this.#merges) this.#stepsLeft -= selections.length;
    if (this.#stepsLeft < 0) throw new TooManySteps();
    for (const selection of selections) {
      if (!this.#isIncluded(selection)) continue;
      if (selection.kind === Kind.FIELD) {
        onField(selection);
        continue;
      }
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        if (visited.has(selection.name.value)) continue;
        visited.add(selection.name.value);
      }
      const set = this.#fragmentOf(selection, type);
      if (set) this.#collect(type, set, onField, visited);
    }
  }

  /** The selection set of a fragment that applies to this type. */
  #fragmentOf(selection: Exclude<SelectionNode, FieldNode>, type: GraphQLObjectType): SelectionSetNode | undefined {
    const fragment = this.#definitionOf(selection);
    if (fragment === undefined) return undefined;
    const condition = fragment.typeCondition?.name.value;
    if (condition === undefined || condition === type.name) return fragment.selectionSet;
    const named = this.#costs.schema.getType(condition);
    return isAbstractType(named) && this.#costs.schema.isSubType(named, type) ? fragment.selectionSet : undefined;
  }

  #definitionOf(selection: Exclude<SelectionNode, FieldNode>): InlineFragmentNode | FragmentDefinitionNode | undefined {
    return selection.kind === Kind.INLINE_FRAGMENT ? selection : this.#fragments.get(selection.name.value);
  }

  #isIncluded({ directives }: SelectionNode): boolean {
    for (const { name, arguments: given } of directives ?? []) {
      const isSkip = name.value === GraphQLSkipDirective.name;
      if (!isSkip && name.value !== GraphQLIncludeDirective.name) continue;
      const condition = given?.find((each) => each.name.value === "if");
      const value = condition && this.#variables.valueOf(condition.value);
      if (typeof value === "boolean" && value === isSkip) return false;
    }
    return true;
  }

  #sizeOf(listSize: ListSize, cost: FieldCost, node: FieldNode): number {
    const { assumedSize, maxSize = Number.POSITIVE_INFINITY } = listSize;
    const { given, asked } = sliceOf(listSize, cost.field, node, this.#variables);
    if (requiresOne(listSize) && given !== 1 && !(given === 0 && asked !== undefined))
      this.fault ??= unboundedList(cost, given);
    return saturated(Math.min(asked ?? assumedSize ?? listSize.maxSize ?? defaultListSize, maxSize));
  }

  /** Equal for the same selection sets. */
  #keyOf(sets: readonly SelectionSetNode[], sizedBy: ListSize | undefined): string {
    let key = sizedBy === undefined ? "" : String(this.#idOf(sizedBy));
    for (const set of sets) key += ` ${this.#idOf(set)}`;
    return key;
  }

  #idOf(object: object): number {
    let id = this.#ids.get(object);
    if (id === undefined) {
      id = this.#ids.size;
      this.#ids.set(object, id);
    }
    return id;
  }
}

/** The selection sets of a field, those of all its nodes. */
export const setsOf = (nodes: readonly FieldNode[]): readonly SelectionSetNode[] =>
  nodes.flatMap(({ selectionSet }) => selectionSet ?? []);

const requiresOne = ({ requireOneSlicingArgument, slicingArguments, assumedSize, maxSize }: ListSize): boolean =>
  (slicingArguments?.length ?? 0) > 0 &&
  (requireOneSlicingArgument ?? (assumedSize === undefined && maxSize === undefined));

function unboundedList({ parent, field, listSize }: FieldCost, given: number): GraphQLError {
  const names = listSize?.slicingArguments?.join(", ");
  const message = `${parent}.${field.name}: expected exactly one of the arguments ${names}, which bound the list, and got ${given}.`;
  return refusal("LIMIT_EXCEEDED", message, { status: 400, isDocumentFault: true });
}
