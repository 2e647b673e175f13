import { type DocumentNode, GraphQLError, Lexer, parse, Source, TokenKind } from "graphql";
import type { RequestLimits } from "../limits.ts";
import { assertSmallOperations } from "./operation-size.ts";
import { asRefusal, refusal } from "./refusal.ts";

const opening: ReadonlySet<string> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const closing: ReadonlySet<string> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/**
 * Parses a document within the limits. The tokens are counted first: the parser recurses into every nesting, so a
 * short document of opening brackets overflows its stack, and what it throws then says nothing to the client.
 *
 * @throws a refusal: `LIMIT_EXCEEDED` or `GRAPHQL_PARSE_FAILED`
 */
export function parseDocument(text: string | Source, limits: RequestLimits): DocumentNode {
  const source = typeof text === "string" ? new Source(text) : text;
  try {
    assertWithinLimits(source, limits);
    const document = parse(source);
    assertSmallOperations(document, limits);
    return document;
  } catch (error) {
    if (!(error instanceof GraphQLError) || error.extensions.code) throw error;
    throw asRefusal("GRAPHQL_PARSE_FAILED", error);
  }
}

function assertWithinLimits(source: Source, { documentTokens, documentNesting }: RequestLimits): void {
  const lexer = new Lexer(source);
  let tokens = 0;
  let nesting = 0;
  for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance()) {
    if (++tokens > documentTokens) throw limitExceeded(`has more than ${documentTokens} tokens`);
    if (opening.has(token.kind) && ++nesting > documentNesting)
      throw limitExceeded(`nests deeper than ${documentNesting}`);
    if (closing.has(token.kind)) nesting--;
  }
}

const limitExceeded = (fault: string): GraphQLError =>
  refusal("LIMIT_EXCEEDED", `The document ${fault}.`, { status: 400, isDocumentFault: true });
