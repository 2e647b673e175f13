import { AsyncLocalStorage } from "node:async_hooks";
import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isObjectType,
} from "graphql";
import type { FunctionLocator } from "./function-location.ts";

/** The field whose resolver caused a call. */
export interface CallOrigin extends FieldResolver {
  /** Its response path without list indices: `["countries", "nodes", "cities"]`. */
  readonly path: readonly string[];
  /** Its parent field. Undefined for a root field, and below an alias. */
  readonly parent?: FieldResolver;
}

export interface FieldResolver {
  /** `Country.cities` */
  readonly coordinate: string;
  readonly resolver: Resolver;
}

export interface Resolver {
  /** The name of the function; empty for an anonymous function. */
  readonly name: string;
  /** `resolvers/country.ts:52`. Undefined for a function that is not defined in a file. */
  readonly location: string | undefined;
}

type Resolve = NonNullable<GraphQLField<unknown, unknown>["resolve"]>;
type Path = GraphQLResolveInfo["path"];

interface Running {
  readonly coordinate: string;
  readonly path: Path;
}

/**
 * Wraps every resolver of `schema`, and returns a function that tells which field's resolver is running, also in
 * asynchronous work of that resolver. It changes the schema, so use it only in a process that checks calls. The calls of a
 * DataLoader batch belong to the field that loaded the first key.
 */
export function trackResolvers(schema: GraphQLSchema, locate: FunctionLocator): () => CallOrigin | undefined {
  const running = new AsyncLocalStorage<Running>();
  const originals = new Map<string, object>();
  for (const [coordinate, field] of fieldsOf(schema)) {
    const resolve: Resolve = field.resolve ?? defaultFieldResolver;
    originals.set(coordinate, unwrappedResolver(field) ?? resolve);
    field.resolve = (source, args, context, info) =>
      running.run({ coordinate, path: info.path }, () => resolve(source, args, context, info));
  }
  const resolverOf = (coordinate: string): FieldResolver | undefined => {
    const resolve = originals.get(coordinate);
    return resolve && { coordinate, resolver: describe(resolve, locate) };
  };
  return () => {
    const current = running.getStore();
    const field = current && resolverOf(current.coordinate);
    const parent = current && parentField(current.path);
    return (
      field && {
        ...field,
        path: namesOf(current.path),
        parent: parent && resolverOf(`${parent.typename}.${parent.key}`),
      }
    );
  };
}

const fieldsOf = (schema: GraphQLSchema): [string, GraphQLField<unknown, unknown>][] =>
  Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type))
    .filter(({ name }) => !name.startsWith("__"))
    .flatMap((type) => Object.values(type.getFields()).map((field) => [`${type.name}.${field.name}`, field]));

/** The path of the parent field, without list indices. */
function parentField({ prev }: Path): Path | undefined {
  let parent = prev;
  while (typeof parent?.key === "number") parent = parent.prev;
  return parent;
}

/** Pothos may wrap a resolver, and keeps the original in the options of the field. */
function unwrappedResolver(field: GraphQLField<unknown, unknown>): object | undefined {
  const options = field.extensions.pothosOptions;
  const resolve = typeof options === "object" && options !== null && "resolve" in options ? options.resolve : undefined;
  return typeof resolve === "function" ? resolve : undefined;
}

const describe = (resolve: object, locate: FunctionLocator): Resolver => ({
  name: "name" in resolve && typeof resolve.name === "string" ? resolve.name : "",
  location: resolve === defaultFieldResolver ? undefined : locate(resolve),
});

function namesOf(path: Path): string[] {
  const names: string[] = [];
  for (let step: Path | undefined = path; step; step = step.prev) {
    if (typeof step.key === "string") names.unshift(step.key);
  }
  return names;
}
