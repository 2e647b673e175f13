import { GraphQLError } from "graphql";
import type { ErrorCode } from "../../core/error-codes.ts";

export interface RefusalOptions {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether `application/json` still gets status 200, as GraphQL over HTTP demands for errors of the document. */
  readonly isDocumentFault?: boolean;
}

/** How many errors of a document, or of its variables, are listed; one more says that there are others. */
export const maxRefusalErrors = 20;

/** How many locations in the document an error names: a field may be asked for a thousand times, and fail in each item. */
const maxLocations = 20;

/** An error that ends a request before anything is executed. */
export const refusal = (code: ErrorCode, message: string, options: RefusalOptions): GraphQLError =>
  new GraphQLError(message, { extensions: { code, http: httpOf(options) } });

/** The same, for errors that graphql found: they keep their locations. */
export const asRefusal = (code: ErrorCode, error: GraphQLError): GraphQLError =>
  new GraphQLError(error.message, {
    ...locationOf(error),
    extensions: { code, http: httpOf({ status: 400, isDocumentFault: true }) },
  });

/**
 * Where in the document an error is. Only one that has no nodes (a syntax error) is located by source and position:
 * graphql copies `source` from whatever was thrown, and a coded error's `source` is the name of a service.
 */
export const locationOf = ({ nodes, source, positions }: GraphQLError) =>
  nodes ? { nodes: nodes.length > maxLocations ? nodes.slice(0, maxLocations) : nodes } : { source, positions };

const httpOf = ({ status, headers, isDocumentFault }: RefusalOptions): HttpHint => ({
  status,
  headers,
  isDocumentFault,
});

/** The status and headers that an error asks of its response. */
export interface HttpHint {
  readonly status?: number | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly isDocumentFault?: boolean | undefined;
}

/**
 * Yoga and its plugins use the same member: `spec` marks an error of the document there, and some plugins write `statusCode`.
 */
export function httpHintOf(error: GraphQLError): HttpHint | undefined {
  const hint = error.extensions?.http as
    | (HttpHint & { readonly spec?: boolean; readonly statusCode?: number })
    | null
    | undefined;
  if (typeof hint !== "object" || hint === null) return undefined;
  const { status = hint.statusCode, headers, isDocumentFault = hint.spec === true } = hint;
  return { status, headers, isDocumentFault };
}
