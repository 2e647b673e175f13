import { type ASTNode, type DocumentNode, GraphQLError } from "graphql";
import { documentNodes } from "./document-nodes.ts";
import { type NameOf, valueWords } from "./value-words.ts";

/** Puts errors in words, all that is in them. */
export class ErrorWords {
  readonly #document: DocumentNode;
  readonly #nodes: ReadonlyMap<ASTNode, number>;

  constructor(document: DocumentNode) {
    this.#document = document;
    this.#nodes = documentNodes(document);
  }

  of(error: unknown, nameOf: NameOf): string {
    if (!(error instanceof GraphQLError)) return `no GraphQLError: ${valueWords(error, nameOf)}`;
    const { message, path, locations, nodes, extensions, originalError, source, positions, cause } = error;
    const { loc } = this.#document;
    return [
      message,
      `path ${JSON.stringify(path)}`,
      `locations ${JSON.stringify(locations)}, positions ${JSON.stringify(positions)}, source ${source === loc?.source}`,
      `nodes ${nodes?.map((node) => this.#nodes.get(node) ?? `${node.kind} of elsewhere`)}`,
      `extensions ${valueWords(extensions)}`,
      `original ${valueWords(originalError, nameOf)}, cause ${cause === originalError}`,
      `${error.name} ${nameOf(error) ?? "made by the executor"}`,
    ].join("; ");
  }
}
