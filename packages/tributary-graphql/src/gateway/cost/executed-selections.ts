import {
  type FieldNode,
  type GraphQLNamedOutputType,
  type GraphQLObjectType,
  isLeafType,
  type SelectionSetNode,
} from "graphql";
import type { ResponsePath } from "../streaming/payload.ts";
import { type CostAnalysis, setsOf } from "./cost-analysis.ts";
import type { FieldCost, SchemaCosts } from "./schema-costs.ts";

/** A field of the objects at one response position. */
export interface ExecutedField {
  /** Of one execution, without the arguments. */
  readonly weight: number;
  /** The selections of the field that have arguments with a weight. */
  readonly weighed: readonly { readonly cost: FieldCost; readonly node: FieldNode }[];
  readonly within: ExecutedSelections;
}

/**
 * What is selected of the values at one response position, for all types that they may have together: a result does not always
 * name its types. It holds for all variables, since only the fields that are in a result are looked for. It grows with the
 * results that are looked at.
 */
export class ExecutedSelections {
  /** The most that one value weighs, without its fields. */
  readonly weight: number;
  readonly #analysis: CostAnalysis;
  readonly #costs: SchemaCosts;
  readonly #types: ReadonlySet<GraphQLObjectType>;
  readonly #sets: readonly SelectionSetNode[];
  #fields: ReadonlyMap<string, ExecutedField> | undefined;

  /** @param analysis one that includes all selections, whatever the variables are */
  constructor(
    analysis: CostAnalysis,
    costs: SchemaCosts,
    types: Iterable<GraphQLNamedOutputType>,
    sets: readonly SelectionSetNode[],
  ) {
    this.#analysis = analysis;
    this.#costs = costs;
    this.#sets = sets;
    const objects = new Set<GraphQLObjectType>();
    let weight = 0;
    for (const type of types) {
      if (isLeafType(type)) weight = Math.max(weight, costs.weightOf(type));
      for (const object of analysis.possibleTypes(type, sets)) objects.add(object);
    }
    for (const object of objects) weight = Math.max(weight, costs.weightOf(object));
    this.#types = objects;
    this.weight = weight;
  }

  /** By response name, those that can have a cost. */
  get fields(): ReadonlyMap<string, ExecutedField> {
    this.#fields ??= this.#collect();
    return this.#fields;
  }

  /** The selections at a path from here, whose numbers are indices of lists. */
  at(path: ResponsePath): ExecutedSelections | undefined {
    let selections: ExecutedSelections | undefined = this;
    for (const key of path) {
      if (typeof key === "string") selections = selections?.fields.get(key)?.within;
    }
    return selections;
  }

  #collect(): ReadonlyMap<string, ExecutedField> {
    const byName = new Map<
      string,
      { weight: number; types: Set<GraphQLNamedOutputType>; sets: Set<SelectionSetNode> }
    >();
    const weighed = new Map<string, { cost: FieldCost; node: FieldNode }[]>();
    for (const type of this.#types) {
      for (const { cost, nodes } of this.#analysis.fieldsOf({ type, sets: this.#sets })) {
        const [node] = nodes;
        if (node === undefined) continue;
        const name = (node.alias ?? node.name).value;
        const known = byName.get(name) ?? { weight: 0, types: new Set(), sets: new Set() };
        known.weight = Math.max(known.weight, cost.weight);
        known.types.add(cost.type);
        for (const set of setsOf(nodes)) known.sets.add(set);
        byName.set(name, known);
        if (cost.weighedArguments.length > 0) weighed.set(name, [...(weighed.get(name) ?? []), { cost, node }]);
      }
    }
    const fields = new Map<string, ExecutedField>();
    for (const [name, { weight, types, sets }] of byName) {
      const within = new ExecutedSelections(this.#analysis, this.#costs, types, [...sets]);
      fields.set(name, { weight, weighed: weighed.get(name) ?? [], within });
    }
    return fields;
  }
}
