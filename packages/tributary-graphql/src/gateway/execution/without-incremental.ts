import { type DocumentNode, GraphQLDeferDirective, GraphQLStreamDirective, Kind, visit } from "graphql";

const names: ReadonlySet<string> = new Set([GraphQLDeferDirective.name, GraphQLStreamDirective.name]);

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
