import {
  type DocumentNode,
  GraphQLDeferDirective,
  type GraphQLSchema,
  GraphQLStreamDirective,
  Kind,
  visit,
} from "graphql";

const incrementalDirectives = [GraphQLDeferDirective, GraphQLStreamDirective];
const names: ReadonlySet<string> = new Set(incrementalDirectives.map(({ name }) => name));

/**
 * Refuses a schema without @defer and @stream. Adding them here would serve another schema than the one that is
 * printed, reviewed and given to clients' code generators, which then refuse every deferred operation.
 */
export function assertIncrementalDirectives(schema: GraphQLSchema): void {
  const missing = incrementalDirectives.filter(({ name }) => !schema.getDirective(name));
  if (missing.length === 0) return;
  throw new Error(
    `The schema does not declare ${missing.map(String).join(" and ")}. ` +
      "Build it with directives: [...specifiedDirectives, GraphQLDeferDirective, GraphQLStreamDirective].",
  );
}

const plainDocuments = new WeakMap<DocumentNode, DocumentNode>();

/** The document without @defer and @stream, for a client that takes one answer only. Made once a document. */
export function withoutIncremental(document: DocumentNode): DocumentNode {
  let plain = plainDocuments.get(document);
  if (plain === undefined) {
    plain = visit(document, {
      [Kind.DIRECTIVE]: (directive) => (names.has(directive.name.value) ? null : undefined),
    });
    plainDocuments.set(document, plain);
  }
  return plain;
}
