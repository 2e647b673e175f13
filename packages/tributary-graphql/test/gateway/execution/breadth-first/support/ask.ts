import {
  buildSchema,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLFieldResolver,
  type GraphQLIsTypeOfFn,
  type GraphQLSchema,
  type GraphQLTypeResolver,
  isAbstractType,
  isObjectType,
  parse,
} from "graphql";
import { execute } from "../under-test.ts";

type Resolver = GraphQLFieldResolver<unknown, unknown>;

/** Resolvers by type and field; `isTypeOf` and `resolveType` belong to the type itself. */
export type Resolvers = Readonly<Record<string, TypeResolvers>>;

interface TypeResolvers {
  readonly isTypeOf?: GraphQLIsTypeOfFn<unknown, unknown>;
  readonly resolveType?: GraphQLTypeResolver<unknown, unknown>;
  readonly fields?: Readonly<Record<string, Resolver>>;
}

/** A schema from SDL with these resolvers; every other field is a property or a method of its source. */
export function schemaOf(sdl: string, resolvers: Resolvers = {}): GraphQLSchema {
  const schema = buildSchema(sdl);
  for (const [name, { isTypeOf, resolveType, fields = {} }] of Object.entries(resolvers)) {
    const type = schema.getType(name);
    if (isAbstractType(type)) type.resolveType = resolveType;
    if (!isObjectType(type)) continue;
    type.isTypeOf = isTypeOf;
    for (const [fieldName, resolve] of Object.entries(fields)) {
      const field = type.getFields()[fieldName];
      if (!field) throw new TypeError(`Expected a field ${name}.${fieldName}.`);
      field.resolve = resolve;
    }
  }
  return schema;
}

export type Asked = Omit<ExecutionArgs, "schema" | "document">;

/** Executes a text, whatever it answers: a result or a promise of one. */
export const run = (schema: GraphQLSchema, text: string, asked: Asked = {}): ReturnType<typeof execute> =>
  execute({ schema, document: parse(text), ...asked });

/** The answer as a client sees it, parsed. */
export async function answerOf(
  result: ReturnType<typeof execute>,
): Promise<{ data?: unknown; errors?: readonly AnsweredError[] }> {
  return JSON.parse(JSON.stringify(await result));
}

export interface AnsweredError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly locations?: readonly { readonly line: number; readonly column: number }[];
  readonly extensions?: unknown;
}

/** Executes a text on a root value and gives the answer as a client sees it. */
export const ask = (sdl: string, text: string, rootValue: unknown = {}, asked: Asked = {}) =>
  answerOf(run(schemaOf(sdl), text, { rootValue, ...asked }));

/** The answer as it is written, for the order of its keys. */
export const textOf = async (result: ExecutionResult | Promise<ExecutionResult>): Promise<string> =>
  JSON.stringify(await result);
