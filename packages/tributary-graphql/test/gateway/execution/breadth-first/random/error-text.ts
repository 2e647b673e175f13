import { type ASTNode, type DocumentNode, GraphQLError } from "graphql";
import { documentNodes } from "./document-nodes.ts";
import { type NameOf, valueText } from "./value-text.ts";

/** Makes a text of an error with all of its properties, for comparison. */
export class ErrorText {
  readonly #document: DocumentNode;
  readonly #nodes: ReadonlyMap<ASTNode, number>;

  constructor(document: DocumentNode) {
    this.#document = document;
    this.#nodes = documentNodes(document);
  }

  of(error: unknown, nameOf: NameOf): string {
    if (!(error instanceof GraphQLError)) return `no GraphQLError: ${valueText(error, nameOf)}`;
    const { message, path, locations, nodes, extensions, originalError, source, positions, cause } = error;
    const { loc } = this.#document;
    return [
      message,
      `path ${JSON.stringify(path)}`,
      `locations ${JSON.stringify(locations)}, positions ${JSON.stringify(positions)}, source ${source === loc?.source}`,
      `nodes ${nodes?.map((node) => this.#nodes.get(node) ?? `${node.kind} of elsewhere`)}`,
      `extensions ${valueText(extensions)}`,
      `original ${valueText(originalError, nameOf)}, cause ${cause === originalError}`,
      `${error.name} ${nameOf(error) ?? "made by the executor"}`,
    ].join("; ");
  }
}
