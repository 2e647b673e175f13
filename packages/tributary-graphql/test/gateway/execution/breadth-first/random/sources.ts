import type { GraphQLObjectType, GraphQLOutputType, GraphQLResolveInfo } from "graphql";
import type { Arguments } from "./app-resolvers.ts";
import type { SeededRandom } from "./seeded-random.ts";

/** An object that fields are resolved from, whose fields without a resolver are properties and methods. */
export interface SourcePlan {
  readonly type: GraphQLObjectType;
  readonly id: string;
  readonly random: SeededRandom;
  /** The value of its `__typename`, if it has one. */
  typeName(): unknown;
  /** The value of a property that is neither pending nor faulty; undefined for any other. */
  plainValue(fieldName: string, fieldType: GraphQLOutputType): { readonly value: unknown } | undefined;
  /** Makes the value of any other property, anew each time. */
  read(fieldName: string, fieldType: GraphQLOutputType): unknown;
  call(receiver: unknown, args: Arguments, context: unknown, info: GraphQLResolveInfo): unknown;
}

class Row {}

export function makeSource(plan: SourcePlan): object {
  const { type, id, random } = plan;
  const holder = {};
  const source = bareSource(random.integer(`${id} shape`, 8), holder);
  const owner = Object.getPrototypeOf(source) === holder ? holder : source;
  if (random.chance(`${type.name} has __typename`, 70)) define(source, "__typename", { value: plan.typeName() });
  for (const { name, type: fieldType, resolve } of Object.values(type.getFields())) {
    if (resolve || random.chance(`${id}.${name} absent`, 3)) continue;
    const isMethod = random.chance(`${type.name}.${name} is a method`, 40);
    const plain = isMethod ? { value: method(plan) } : plan.plainValue(name, fieldType);
    define(owner, name, plain ?? { get: () => plan.read(name, fieldType) });
  }
  return source;
}

function bareSource(shape: number, holder: object): object {
  switch (shape) {
    case 0:
      return Object.create(null);
    case 1:
      return new Row();
    case 2:
      return () => undefined;
    case 3:
      return Object.create(holder);
    default:
      return {};
  }
}

const define = (source: object, name: string, property: PropertyDescriptor): void =>
  void Object.defineProperty(source, name, { enumerable: true, configurable: true, ...property });

function method({ call }: SourcePlan) {
  return function (this: unknown, args: Arguments, context: unknown, info: GraphQLResolveInfo): unknown {
    return call(this, args, context, info);
  };
}
