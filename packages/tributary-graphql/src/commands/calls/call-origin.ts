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
  /** The names in the answer that lead to it, without places in lists: `["countries", "nodes", "cities"]`. */
  readonly path: readonly string[];
  /** The field above it; undefined for a field of the root, and for one below an alias. */
  readonly parent?: FieldResolver;
}

export interface FieldResolver {
  /** `Country.cities` */
  readonly coordinate: string;
  readonly resolver: Resolver;
}

export interface Resolver {
  /** As it is called where it is defined; empty for a function without a name. */
  readonly name: string;
  /** `resolvers/country.ts:52`; undefined for one that no file of ours has. */
  readonly location: string | undefined;
}

type Resolve = NonNullable<GraphQLField<unknown, unknown>["resolve"]>;
type Path = GraphQLResolveInfo["path"];

interface Running {
  readonly coordinate: string;
  readonly path: Path;
}

/**
 * Makes `schema` tell which field's resolver is running, also in what that resolver awaits. Each resolver is replaced
 * by one that does the same, in the schema itself: for a process of its own. A loader runs its batch on behalf of
 * whoever asked first, so that a call of a batch is told by that field.
 */
export function watchResolvers(schema: GraphQLSchema, locate: FunctionLocator): () => CallOrigin | undefined {
  const running = new AsyncLocalStorage<Running>();
  const written = new Map<string, object>();
  for (const [coordinate, field] of fieldsOf(schema)) {
    const resolve: Resolve = field.resolve ?? defaultFieldResolver;
    written.set(coordinate, asWritten(field) ?? resolve);
    field.resolve = (source, args, context, info) =>
      running.run({ coordinate, path: info.path }, () => resolve(source, args, context, info));
  }
  const resolverOf = (coordinate: string): FieldResolver | undefined => {
    const resolve = written.get(coordinate);
    return resolve && { coordinate, resolver: describe(resolve, locate) };
  };
  return () => {
    const now = running.getStore();
    const field = now && resolverOf(now.coordinate);
    const above = now && fieldAbove(now.path);
    return (
      field && { ...field, path: namesOf(now.path), parent: above && resolverOf(`${above.typename}.${above.key}`) }
    );
  };
}

const fieldsOf = (schema: GraphQLSchema): [string, GraphQLField<unknown, unknown>][] =>
  Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type))
    .filter(({ name }) => !name.startsWith("__"))
    .flatMap((type) => Object.values(type.getFields()).map((field) => [`${type.name}.${field.name}`, field]));

/** The place of the field that the object came from, places in lists skipped. */
function fieldAbove({ prev }: Path): Path | undefined {
  let above = prev;
  while (typeof above?.key === "number") above = above.prev;
  return above;
}

/** Pothos may wrap a resolver; what was written is kept beside the field. */
function asWritten(field: GraphQLField<unknown, unknown>): object | undefined {
  const options = field.extensions.pothosOptions;
  const written = typeof options === "object" && options !== null && "resolve" in options ? options.resolve : undefined;
  return typeof written === "function" ? written : undefined;
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
