import {
  type GraphQLFieldConfig,
  GraphQLInterfaceType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLSchema,
  GraphQLUnionType,
  isNonNullType,
  isNullableType,
} from "graphql";
import { type AppResolvers, type Arguments, isTypeOfByApp, resolveByApp, resolveTypeByApp } from "./app-resolvers.ts";
import { argumentConfigs, inputTypes } from "./input-types.ts";
import { leafTypes } from "./leaf-types.ts";
import { SeededRandom } from "./seeded-random.ts";

export interface SchemaChoices {
  readonly seed: number;
  readonly objects: number;
  readonly interfaces: number;
  readonly unions: number;
}

type Field = GraphQLFieldConfig<unknown, AppResolvers, Arguments>;
type Fields = Record<string, Field>;

/** The schema of these choices; the same choices make the same schema. */
export const makeSchema = (choices: SchemaChoices): GraphQLSchema => new SchemaMaker(choices).make();

/** Lists and non-null in every mixture that matters; the plain ones more often. */
const wrappers = [
  "T",
  "T",
  "T",
  "T",
  "T!",
  "T!",
  "T!",
  "[T]",
  "[T]",
  "[T!]",
  "[T]!",
  "[T!]!",
  "[[T]]",
  "[[T!]!]!",
  "[[T]!]",
  "[[T!]]",
];

/**
 * A field's name has one type in the whole schema (an object may make it non-null), so that whatever an operation merges
 * under a response key is of one shape.
 */
class SchemaMaker {
  readonly #random: SeededRandom;
  readonly #choices: SchemaChoices;
  readonly #fieldNames: readonly string[];
  readonly #interfaces: GraphQLInterfaceType[] = [];
  readonly #interfaceFields = new Map<GraphQLInterfaceType, readonly string[]>();
  readonly #objects: GraphQLObjectType[] = [];
  readonly #unions: GraphQLUnionType[] = [];

  constructor(choices: SchemaChoices) {
    this.#choices = choices;
    this.#random = new SeededRandom(`schema ${choices.seed}`);
    this.#fieldNames = Array.from({ length: 5 + 2 * choices.objects }, (_, index) => `f${index}`);
  }

  make(): GraphQLSchema {
    for (let index = 0; index < this.#choices.interfaces; index++) this.#addInterface(`I${index}`);
    for (let index = 0; index < this.#choices.objects; index++) this.#objects.push(this.#object(`O${index}`));
    for (let index = 0; index < this.#choices.unions; index++) this.#unions.push(this.#union(`U${index}`));
    return new GraphQLSchema({
      query: this.#object("Query"),
      mutation: this.#object("Mutation"),
      subscription: this.#object("Subscription"),
      types: [...this.#objects, ...[...inputTypes.values()].filter((type) => "getFields" in type)],
    });
  }

  #addInterface(name: string): void {
    const parents = withTheirs(this.#random.some(`${name} implements`, this.#interfaces, 40));
    const own = this.#ownFields(name);
    const names = [...new Set([...parents.flatMap((parent) => this.#interfaceFields.get(parent) ?? []), ...own])];
    const made = new GraphQLInterfaceType({
      name,
      interfaces: parents,
      fields: () => Object.fromEntries(names.map((field) => [field, this.#field(field)])),
      ...(this.#random.chance(`${name} resolves`, 60) && { resolveType: resolveTypeByApp }),
    });
    this.#interfaces.push(made);
    this.#interfaceFields.set(made, names);
  }

  #object(name: string): GraphQLObjectType {
    const isRoot = !name.startsWith("O");
    const interfaces = isRoot ? [] : withTheirs(this.#random.some(`${name} implements`, this.#interfaces, 50));
    const inherited = interfaces.flatMap((one) => this.#interfaceFields.get(one) ?? []);
    const names = [...new Set([...inherited, ...this.#ownFields(name)])];
    return new GraphQLObjectType({
      name,
      interfaces,
      fields: () => this.#objectFields(name, names),
      ...(!isRoot && this.#random.chance(`${name} isTypeOf`, 40) && { isTypeOf: isTypeOfByApp(name) }),
    });
  }

  #objectFields(objectName: string, names: readonly string[]): Fields {
    const configs = names.map((name): [string, Field] => {
      const config = this.#field(name);
      const isStricter = this.#random.chance(`${objectName}.${name} stricter`, 10) && isNullableType(config.type);
      const isResolved = this.#random.chance(`${objectName}.${name} resolved`, 50);
      return [
        name,
        {
          ...config,
          type: isStricter && isNullableType(config.type) ? new GraphQLNonNull(config.type) : config.type,
          ...(isResolved && { resolve: resolveByApp }),
        },
      ];
    });
    return Object.fromEntries(configs);
  }

  #union(name: string): GraphQLUnionType {
    const some = this.#random.some(`${name} of`, this.#objects, 60);
    return new GraphQLUnionType({
      name,
      types: some.length > 0 ? some : this.#objects.slice(0, 1),
      ...(this.#random.chance(`${name} resolves`, 60) && { resolveType: resolveTypeByApp }),
    });
  }

  #ownFields(typeName: string): readonly string[] {
    const some = this.#random.some(`${typeName} has`, this.#fieldNames, typeName.length > 2 ? 60 : 35);
    return some.length > 0 ? some : [this.#random.pick(`${typeName} has`, this.#fieldNames)];
  }

  #field(name: string): Field {
    const args = Array.from({ length: this.#random.pick(`${name} arguments`, [0, 0, 0, 1, 1, 2, 3]) }, (_, index) => {
      const argument = `a${index}`;
      return [argument, this.#random.pick(`${name}.${argument}`, argumentConfigs)] as const;
    });
    return { type: this.#outputType(name), args: Object.fromEntries(args) };
  }

  #outputType(name: string): GraphQLOutputType {
    const composites = [...this.#objects, ...this.#interfaces, ...this.#unions];
    const leaves = Object.values(leafTypes);
    const isComposite = this.#random.chance(`${name} composite`, 55);
    const named = isComposite
      ? this.#random.pick(`${name} type`, composites)
      : this.#random.pick(`${name} type`, leaves);
    return wrap(named, this.#random.pick(`${name} wrapper`, wrappers));
  }
}

/** A type may not implement an interface without those that this one implements. */
const withTheirs = (interfaces: readonly GraphQLInterfaceType[]): GraphQLInterfaceType[] => [
  ...new Set(interfaces.flatMap((one) => [...one.getInterfaces(), one])),
];

function wrap(type: GraphQLOutputType, wrapper: string): GraphQLOutputType {
  if (wrapper.endsWith("!")) {
    const inner = wrap(type, wrapper.slice(0, -1));
    return isNonNullType(inner) ? inner : new GraphQLNonNull(inner);
  }
  return wrapper.startsWith("[") ? new GraphQLList(wrap(type, wrapper.slice(1, -1))) : type;
}
