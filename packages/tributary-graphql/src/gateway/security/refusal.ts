import { GraphQLError } from "graphql";
import type { ErrorCode } from "../../core/error-codes.ts";
import { clipped } from "../../core/thrown-values.ts";

export interface RefusalOptions {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether `application/json` still gets status 200, as GraphQL over HTTP demands for errors of the document. */
  readonly isDocumentFault?: boolean;
  /** Further members of the error's `extensions`. */
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** How many errors of a document, or of its variables, are listed; one more says that there are others. */
export const maxRefusalErrors = 20;

/** How many locations in the document an error names: a field may be asked for a thousand times, and fail in each item. */
const maxLocations = 20;

/** An error that ends a request before anything is executed. */
export const refusal = (code: ErrorCode, message: string, options: RefusalOptions): GraphQLError =>
  new GraphQLError(message, { extensions: { ...options.extensions, code, http: httpOf(options) } });

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
  /** From 200 to 599, and of a response with a body. */
  readonly status?: number | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly isDocumentFault?: boolean | undefined;
  /** The status and headers that are invalid and were left out, for the log. */
  readonly invalid?: readonly string[] | undefined;
}

export const httpHintOf = (error: GraphQLError): HttpHint | undefined => httpHint(error.extensions?.http);

/**
 * `extensions.http` of an error or of a result. Resolvers and plugins write it, so anything may be in it. Yoga and its plugins
 * use the same member: `spec` marks an error of the document there, and some plugins write `statusCode`.
 */
export function httpHint(value: unknown): HttpHint | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  try {
    const { status, statusCode, headers, isDocumentFault, spec } = value as Readonly<Record<string, unknown>>;
    const invalid: string[] = [];
    return {
      status: statusOf(status ?? statusCode, invalid),
      headers: headersOf(headers, invalid),
      isDocumentFault: isDocumentFault === true || spec === true,
      ...(invalid.length > 0 && { invalid }),
    };
  } catch {
    return { invalid: ["http"] };
  }
}

/** Responses of these statuses have no body (RFC 9110, 15.3.5, 15.3.6 and 15.4.5), and every answer has one. */
const withoutBody: ReadonlySet<unknown> = new Set([204, 205, 304]);

function statusOf(status: unknown, invalid: string[]): number | undefined {
  if (status === undefined || status === null) return undefined;
  if (Number.isInteger(status) && Number(status) >= 200 && Number(status) <= 599 && !withoutBody.has(status))
    return Number(status);
  invalid.push(`status ${clipped(String(status), 20)}`);
  return undefined;
}

/** Set by the gateway or by node, for the body as it is written. */
const reservedHeaders: ReadonlySet<string> = new Set([
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "keep-alive",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

const headerName = /^[\w!#$%&'*+.^`|~-]+$/;
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/** With names in lower case, so that one replaces another. */
function headersOf(headers: unknown, invalid: string[]): Readonly<Record<string, string>> | undefined {
  if (typeof headers !== "object" || headers === null) return undefined;
  const valid: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || value === null) continue;
    const key = name.toLowerCase();
    const text = typeof value === "string" || typeof value === "number" ? String(value) : undefined;
    if (text !== undefined && headerName.test(name) && headerValue.test(text) && !reservedHeaders.has(key))
      valid[key] = text;
    else invalid.push(`header ${clipped(name, 100)}`);
  }
  return valid;
}
