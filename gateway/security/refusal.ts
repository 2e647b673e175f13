import { GraphQLError } from "graphql";
import type { ErrorCode } from "../errors.ts";

export interface RefusalOptions {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether `application/json` gets 200 nevertheless, as GraphQL over HTTP demands for faults of the document. */
  readonly isDocumentFault?: boolean;
}

/** An error that ends a request before anything is executed. */
export const refusal = (code: ErrorCode, message: string, options: RefusalOptions): GraphQLError =>
  new GraphQLError(message, { extensions: { code, http: httpOf(options) } });

/** The same, for errors that graphql found: they keep their locations. */
export const asRefusal = (code: ErrorCode, error: GraphQLError): GraphQLError =>
  new GraphQLError(error.message, {
    ...placeOf(error),
    extensions: { code, http: httpOf({ status: 400, isDocumentFault: true }) },
  });

/**
 * Where in the document an error is. Only one that has no nodes (a syntax error) is placed by source and position:
 * graphql copies `source` from whatever was thrown, and a coded error's `source` is the name of a service.
 */
export const placeOf = ({ nodes, source, positions }: GraphQLError) => (nodes ? { nodes } : { source, positions });

const httpOf = ({ status, headers, isDocumentFault }: RefusalOptions): HttpHint => ({
  status,
  headers,
  isDocumentFault,
});

/** What an error says about the response that carries it. */
export type HttpHint = Partial<RefusalOptions>;

/** Yoga puts status and headers of its own errors in the same place. */
export const httpHintOf = (error: GraphQLError): HttpHint | undefined => {
  const hint = error.extensions.http;
  return typeof hint === "object" && hint !== null ? hint : undefined;
};
