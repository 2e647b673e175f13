/** The limits of one request. Exceeding one is answered with `LIMIT_EXCEEDED`. */
export interface RequestLimits {
  /** Bytes of a POST body, after which it is no longer read. Default 1,000,000. */
  readonly bodyBytes: number;
  /** Lexical tokens of a document. Default 10,000. */
  readonly documentTokens: number;
  /**
   * How deep braces, brackets and parentheses may nest, and fields through fragments: parsers, validators and executors
   * recurse. Default 100.
   */
  readonly documentNesting: number;
  /** Fields of an operation, deferred ones too, those of a fragment counted for each spread. Default 10,000. */
  readonly operationFields: number;
  /** Fields of an operation with an alias, those of a fragment counted for each spread. Default 1,000. */
  readonly operationAliases: number;
  /** Fields of the root of an operation, aliases of one field each by itself. Default 1,000. */
  readonly rootFields: number;
  /** The same of a mutation: each of them is executed after the other, and can guess a password. Default 100. */
  readonly mutationFields: number;
  /** Directives of an operation, those of a fragment counted for each spread. Default 1,000. */
  readonly operationDirectives: number;
  /** Directives of one field, fragment or operation. Default 20. */
  readonly locationDirectives: number;
  /** Fragments that a document defines. Default 1,000. */
  readonly documentFragments: number;
  /** Values in the variables of an operation: members of input objects, and items of lists. Default 10,000. */
  readonly variableValues: number;
  /** How deep input objects and lists of variables may nest. Default 100. */
  readonly variableNesting: number;
  /** `@defer` and `@stream` of a streamed operation, those of a fragment counted for each spread. Default 100. */
  readonly incrementalDirectives: number;
  /** Deferred fragments and streamed lists that are pending at the same time: one for each item of a list. Default 1,000. */
  readonly pendingParts: number;
  /** Values of a result: fields of its objects and items of its lists. Default 100,000. */
  readonly resultValues: number;
  /** Bytes of a result as JSON. Default 10,000,000. */
  readonly resultBytes: number;
  /** Values of all payloads of a streamed answer together; each part has `resultValues` besides. Default 300,000. */
  readonly streamValues: number;
  /** Bytes of all payloads of a streamed answer together. Default 30,000,000. */
  readonly streamBytes: number;
  /** Errors that a result, or all payloads of a streamed answer together, lists; one more says that others are left out. Default 1,000. */
  readonly resultErrors: number;
  /** Calls to sources of one request, those that the HTTP cache answers too. Default 1,000. */
  readonly sourceCalls: number;
}

export const defaultLimits: RequestLimits = {
  bodyBytes: 1_000_000,
  documentTokens: 10_000,
  documentNesting: 100,
  operationFields: 10_000,
  operationAliases: 1_000,
  rootFields: 1_000,
  mutationFields: 100,
  operationDirectives: 1_000,
  locationDirectives: 20,
  documentFragments: 1_000,
  variableValues: 10_000,
  variableNesting: 100,
  incrementalDirectives: 100,
  pendingParts: 1_000,
  resultValues: 100_000,
  resultBytes: 10_000_000,
  streamValues: 300_000,
  streamBytes: 30_000_000,
  resultErrors: 1_000,
  sourceCalls: 1_000,
};
