import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLArgument,
  type GraphQLError,
  GraphQLIncludeDirective,
  type GraphQLInputType,
  type GraphQLNamedOutputType,
  type GraphQLObjectType,
  GraphQLSkipDirective,
  getNamedType,
  isAbstractType,
  isInputObjectType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from "graphql";
import type { ListSize } from "../../core/cost-options.ts";
import { refusal } from "../security/refusal.ts";
import { defaultOf, type OperationVariables } from "./operation-variables.ts";
import { defaultListSize, type FieldCost, type SchemaCosts } from "./schema-costs.ts";

/** The largest cost: an estimate is never infinite. */
export const maxEstimate = 1e15;

/**
 * How many selections are visited while fields of the same response name are merged, as they are for execution. Fragments can
 * ask for more fields than that in a short text: then the costs of all selections are added, which visits each of them once.
 */
const maxMergeSteps = 20_000;

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

class TooManySteps extends Error {}

/** Estimates the cost of one operation with one set of variables. */
export class CostAnalysis {
  readonly #costs: SchemaCosts;
  readonly #operation: OperationDefinitionNode;
  readonly #variables: OperationVariables;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #ids = new Map<object, number>();
  #known = new Map<string, Cost>();
  #merges = true;
  #stepsLeft = maxMergeSteps;
  /** The first list whose size is not given although it must be. */
  fault: GraphQLError | undefined = undefined;

  constructor(
    costs: SchemaCosts,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: OperationVariables,
  ) {
    this.#costs = costs;
    this.#operation = operation;
    this.#variables = variables;
    const fragments = new Map<string, FragmentDefinitionNode>();
    for (const each of document.definitions) {
      if (each.kind === Kind.FRAGMENT_DEFINITION) fragments.set(each.name.value, each);
    }
    this.#fragments = fragments;
  }

  /** Of the whole operation; of a subscription, for each event. At most `maxEstimate`. */
  total(): number {
    const root = this.root();
    if (root === undefined) return 0;
    try {
      return this.#estimate(root);
    } catch (error) {
      if (!(error instanceof TooManySteps)) throw error;
      this.#merges = false;
      this.#stepsLeft = Number.POSITIVE_INFINITY;
      this.#known = new Map();
      return this.#estimate(root);
    } finally {
      // What is asked for afterwards was visited before.
      this.#stepsLeft = Number.POSITIVE_INFINITY;
    }
  }

  /** The root object; undefined where the schema has no such operation. */
  root(): Selections | undefined {
    const type = this.#costs.schema.getRootType(this.#operation.operation);
    return type ? { type, sets: [this.#operation.selectionSet], sizedBy: undefined, size: 0 } : undefined;
  }

  #estimate(root: Selections): number {
    return saturated(this.#costs.weightOf(root.type) + this.#costOf(root.type, root.sets, undefined).fixed);
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
    const own = this.ownCost(cost, node);
    const isSized = cost.listDepth > 0 && (sizedBy?.sizedFields?.includes(cost.field.name) ?? false);
    const size = listSize && this.#sizeOf(listSize, cost, node);
    const ownSize = listSize?.sizedFields === undefined ? size : undefined;
    const outer = cost.listDepth === 0 || isSized ? 1 : (ownSize ?? defaultListSize);
    const count = saturated(outer * defaultListSize ** Math.max(0, cost.listDepth - 1));
    const within = listSize?.sizedFields === undefined ? undefined : listSize;
    return { own, isSized, count, ...this.#value(cost.type, nodes, within, size ?? 0) };
  }

  /** Of one execution of a field, beside the values that it returns. */
  ownCost({ weight, weighedArguments }: FieldCost, node: FieldNode): number {
    return saturated(weight + this.#weightOfArguments(weighedArguments, node));
  }

  #value(
    type: GraphQLNamedOutputType,
    nodes: readonly FieldNode[],
    sizedBy: ListSize | undefined,
    size: number,
  ): Pick<FieldEstimate, "each" | "within"> {
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    const possible = isAbstractType(type)
      ? this.#costs.schema.getPossibleTypes(type)
      : isObjectType(type)
        ? [type]
        : [];
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

  /** Of all fields of one object. Each combination of type and selection sets is estimated once. */
  #costOf(type: GraphQLObjectType, sets: readonly SelectionSetNode[], sizedBy: ListSize | undefined): Cost {
    const key = `${type.name} ${sizedBy ? this.#idOf(sizedBy) : ""} ${sets.map((set) => this.#idOf(set)).join()}`;
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
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : this.#fragments.get(selection.name.value);
    if (fragment === undefined) return undefined;
    const condition = fragment.typeCondition?.name.value;
    if (condition === undefined || condition === type.name) return fragment.selectionSet;
    const named = this.#costs.schema.getType(condition);
    return isAbstractType(named) && this.#costs.schema.isSubType(named, type) ? fragment.selectionSet : undefined;
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

  /** The number of items that the arguments ask for. */
  #sizeOf(listSize: ListSize, cost: FieldCost, node: FieldNode): number {
    const { field } = cost;
    const { assumedSize, slicingArguments = [], maxSize = Number.POSITIVE_INFINITY } = listSize;
    let size = -1;
    let defaultSize = -1;
    let given = 0;
    for (const path of slicingArguments) {
      const [name, ...members] = path.split(".");
      const definition = field.args.find((each) => each.name === name);
      const argument = node.arguments?.find((each) => each.name.value === name);
      const value = argument && memberOf(this.#variables.valueOf(argument.value), members);
      if (value !== undefined && value !== null) given++;
      size = Math.max(size, numberOfItems(value));
      if (value === undefined && definition)
        defaultSize = Math.max(defaultSize, numberOfItems(memberOf(defaultOf(definition), members)));
    }
    if (requiresOne(listSize) && given !== 1 && !(given === 0 && defaultSize >= 0))
      this.fault ??= unboundedList(cost, given);
    const asked =
      size >= 0 ? size : defaultSize >= 0 ? defaultSize : (assumedSize ?? listSize.maxSize ?? defaultListSize);
    return saturated(Math.min(asked, maxSize));
  }

  #weightOfArguments(weighed: readonly GraphQLArgument[], node: FieldNode): number {
    let weight = 0;
    for (const argument of weighed) {
      const given = node.arguments?.find((each) => each.name.value === argument.name);
      const value = given && this.#variables.valueOf(given.value);
      if (value === undefined) continue;
      weight += this.#costs.weightOfInput(argument) + this.#weightOfInput(value, argument.type);
    }
    return weight;
  }

  #weightOfInput(value: unknown, given: GraphQLInputType): number {
    if (!this.#costs.isWeighedInput(given)) return 0;
    if (Array.isArray(value))
      return value.reduce<number>((sum, each) => saturated(sum + this.#weightOfInput(each, given)), 0);
    const type = getNamedType(given);
    if (typeof value !== "object" || value === null || !isInputObjectType(type)) return 0;
    let weight = 0;
    for (const field of Object.values(type.getFields())) {
      const member = (value as Readonly<Record<string, unknown>>)[field.name];
      if (member !== undefined) weight += this.#costs.weightOfInput(field) + this.#weightOfInput(member, field.type);
    }
    return saturated(weight);
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

const requiresOne = ({ requireOneSlicingArgument, slicingArguments, assumedSize, maxSize }: ListSize): boolean =>
  (slicingArguments?.length ?? 0) > 0 &&
  (requireOneSlicingArgument ?? (assumedSize === undefined && maxSize === undefined));

function unboundedList({ parent, field, listSize }: FieldCost, given: number): GraphQLError {
  const names = listSize?.slicingArguments?.join(", ");
  const message = `${parent}.${field.name}: expected exactly one of the arguments ${names}, which bound the list, and got ${given}.`;
  return refusal("LIMIT_EXCEEDED", message, { status: 400, isDocumentFault: true });
}

export const saturated = (cost: number): number => Math.min(cost, maxEstimate);

/** A list has as many items as the argument; -1 for a value that is not a size, which the execution refuses. */
function numberOfItems(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  if (typeof value === "string") return 1;
  return typeof value === "number" && Number.isInteger(value) ? Math.max(0, value) : -1;
}

function memberOf(value: unknown, members: readonly string[]): unknown {
  let member = value;
  for (const name of members) {
    if (typeof member !== "object" || member === null || !Object.hasOwn(member, name)) return undefined;
    member = (member as Readonly<Record<string, unknown>>)[name];
  }
  return member;
}
