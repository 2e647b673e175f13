import { GraphQLDeferDirective, GraphQLSchema, GraphQLStreamDirective, specifiedDirectives } from "graphql";

/**
 * The schema as it is served: with `@defer` and `@stream`, which graphql 17 executes but defines only when it is told to.
 * The command `tributary codegen` prints this one, so that clients' code generators accept deferred operations.
 *
 * A schema that declares both is returned as it is. Otherwise the result is a copy that shares all types, and with them
 * resolvers and extensions; the given one is not changed. A directive of the same name that the schema declares is kept.
 */
export function servedSchema(schema: GraphQLSchema): GraphQLSchema {
  const missing = [GraphQLDeferDirective, GraphQLStreamDirective].filter(({ name }) => !schema.getDirective(name));
  if (missing.length === 0) return schema;
  const specified = specifiedDirectives.filter(({ name }) => !schema.getDirective(name));
  const config = schema.toConfig();
  return new GraphQLSchema({ ...config, directives: [...config.directives, ...specified, ...missing] });
}
