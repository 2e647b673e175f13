/** What one request may cost before any resolver runs. Exceeding one is answered with `LIMIT_EXCEEDED`. */
export interface RequestLimits {
  /** Bytes of a POST body, after which it is no longer read. Default 1,000,000. */
  readonly bodyBytes: number;
  /** Lexical tokens of a document. Default 10,000. */
  readonly documentTokens: number;
  /** How deep braces, brackets and parentheses may nest: parsers and validators recurse. Default 100. */
  readonly documentNesting: number;
}

export const defaultLimits: RequestLimits = { bodyBytes: 1_000_000, documentTokens: 10_000, documentNesting: 100 };
