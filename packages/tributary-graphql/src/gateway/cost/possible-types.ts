import {
  type GraphQLInterfaceType,
  type GraphQLNamedOutputType,
  type GraphQLObjectType,
  type GraphQLUnionType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
} from "graphql";
import { defaultOf } from "./operation-variables.ts";
import type { SchemaCosts } from "./schema-costs.ts";

type AbstractType = GraphQLInterfaceType | GraphQLUnionType;

const noConditions: ReadonlySet<string> = new Set();

/**
 * The possible types of abstract types, as far as they differ in cost. An interface such as `Node` often has hundreds of
 * possible types. Most of them are alike: no fragment names them, and the fields of the interface have the same cost. One of
 * those is enough.
 */
export class PossibleTypes {
  readonly #costs: SchemaCosts;
  /** By abstract type, for selections without type conditions. */
  readonly #unconditional = new Map<AbstractType, readonly GraphQLObjectType[]>();
  readonly #interfaces = new Map<GraphQLObjectType, Map<GraphQLInterfaceType, number>>();
  readonly #ids = new Map<string, number>();

  constructor(costs: SchemaCosts) {
    this.#costs = costs;
  }

  /**
   * The object types that a value may have, each of a different cost; empty for a scalar or enum.
   *
   * @param conditions the names of the types in the type conditions of the selections
   */
  of(type: GraphQLNamedOutputType, conditions: ReadonlySet<string> = noConditions): readonly GraphQLObjectType[] {
    if (isObjectType(type)) return [type];
    if (!isAbstractType(type)) return [];
    if (conditions.size > 0) return this.#different(type, conditions);
    let types = this.#unconditional.get(type);
    if (types === undefined) {
      types = this.#different(type, conditions);
      this.#unconditional.set(type, types);
    }
    return types;
  }

  #different(type: AbstractType, conditions: ReadonlySet<string>): readonly GraphQLObjectType[] {
    const { schema } = this.#costs;
    const abstract = new Set([type]);
    for (const name of conditions) {
      const named = schema.getType(name);
      if (isAbstractType(named)) abstract.add(named);
    }
    const byKey = new Map<string, GraphQLObjectType>();
    for (const possible of schema.getPossibleTypes(type)) {
      const key = conditions.has(possible.name) ? possible.name : this.#keyOf(possible, abstract);
      if (!byKey.has(key)) byKey.set(key, possible);
    }
    return [...byKey.values()];
  }

  /** Equal for types that cost the same. */
  #keyOf(type: GraphQLObjectType, abstract: ReadonlySet<AbstractType>): string {
    let key = `${this.#costs.weightOf(type)}`;
    for (const each of abstract) {
      if (!this.#costs.schema.isSubType(each, type)) key += " no";
      else key += isInterfaceType(each) ? ` ${this.#interfaceId(type, each)}` : " yes";
    }
    return key;
  }

  /** Equal for types whose fields of an interface cost the same. */
  #interfaceId(type: GraphQLObjectType, of: GraphQLInterfaceType): number {
    let ids = this.#interfaces.get(type);
    if (ids === undefined) {
      ids = new Map();
      this.#interfaces.set(type, ids);
    }
    let id = ids.get(of);
    if (id === undefined) {
      const text = JSON.stringify(Object.keys(of.getFields()).map((name) => this.#describe(type, name)));
      id = this.#ids.get(text) ?? this.#ids.size;
      this.#ids.set(text, id);
      ids.set(of, id);
    }
    return id;
  }

  #describe(type: GraphQLObjectType, name: string): unknown {
    const cost = this.#costs.fieldCost(type, name);
    if (cost === undefined || cost.isFree) return undefined;
    const given = cost.field.args.map((each) => [
      each.name,
      this.#costs.weightOfInput(each),
      String(each.type),
      JSON.stringify(defaultOf(each), (_, value) => (typeof value === "bigint" ? String(value) : value)),
    ]);
    return [cost.weight, cost.type.name, cost.listDepth, cost.listSize, given];
  }
}
