import { GraphQLDeferDirective, type GraphQLSchema, GraphQLStreamDirective } from "graphql";

/**
 * Refuses a schema that could not be served as it says.
 *
 * Without @defer and @stream: adding them here would serve another schema than the one that is printed, reviewed and
 * given to clients' code generators, which would then refuse every deferred operation.
 *
 * @throws one line that says how to mend it
 */
export function assertServable(schema: GraphQLSchema): void {
  const missing = [GraphQLDeferDirective, GraphQLStreamDirective].filter(({ name }) => !schema.getDirective(name));
  if (missing.length > 0) {
    throw new Error(
      `The schema does not declare ${missing.map(String).join(" and ")}. ` +
        "Build it with directives: [...specifiedDirectives, GraphQLDeferDirective, GraphQLStreamDirective].",
    );
  }
}
