import {
  type DirectiveNode,
  type DocumentNode,
  GraphQLDeferDirective,
  GraphQLSchema,
  GraphQLStreamDirective,
  Kind,
  specifiedDirectives,
  visit,
} from "graphql";

const directives = [GraphQLDeferDirective, GraphQLStreamDirective] as const;
const names: ReadonlySet<string> = new Set(directives.map(({ name }) => name));

/** Whether this is @defer or @stream. */
export const isIncremental = ({ name }: DirectiveNode): boolean => names.has(name.value);

/** Whether @defer or @stream is anywhere in the document. */
export function hasIncremental(document: DocumentNode): boolean {
  let isFound = false;
  visit(document, {
    [Kind.DIRECTIVE]: (directive) => {
      isFound ||= isIncremental(directive);
    },
  });
  return isFound;
}

const plainDocuments = new WeakMap<DocumentNode, DocumentNode>();

/** The document without @defer and @stream, for a client that does not accept a stream. Cached per document. */
export function withoutIncremental(document: DocumentNode): DocumentNode {
  let plain = plainDocuments.get(document);
  if (plain === undefined) {
    plain = visit(document, { [Kind.DIRECTIVE]: (directive) => (isIncremental(directive) ? null : undefined) });
    plainDocuments.set(document, plain);
  }
  return plain;
}

/**
 * The schema with `@defer` and `@stream`, as the gateway serves it: graphql 17 executes them without defining them. The command
 * `tributary codegen` prints it, so that clients' code generators accept deferred operations.
 *
 * A schema that declares both is returned as it is. Otherwise the result is a copy that shares all types, and with them
 * resolvers and extensions; the given schema is not changed, and its own directive of either name is kept.
 */
export function withIncremental(schema: GraphQLSchema): GraphQLSchema {
  const missing = directives.filter(({ name }) => !schema.getDirective(name));
  if (missing.length === 0) return schema;
  const specified = specifiedDirectives.filter(({ name }) => !schema.getDirective(name));
  const config = schema.toConfig();
  return new GraphQLSchema({ ...config, directives: [...config.directives, ...specified, ...missing] });
}
