import type { GraphQLError } from "graphql";
import { describeValue } from "../../core/thrown-values.ts";
import { assertUtf8Query } from "../http/utf8.ts";
import { refusal } from "../security/refusal.ts";

/** What a client asks for, with the types checked. */
export interface OperationParams {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: Readonly<Record<string, unknown>> | null;
  readonly extensions?: Readonly<Record<string, unknown>> | null;
}

/**
 * The operation in the body of a POST.
 *
 * @throws a refusal (`BAD_USER_INPUT`) that says what was expected
 */
export function paramsOfBody(text: string): OperationParams {
  const params = parseJson(text, "The request body");
  if (isRecord(params)) return checkedParams(params);
  const came = Array.isArray(params) ? "a list (batches are not supported)" : describeValue(params);
  throw badInput(`The request body must be a JSON object, not ${came}.`);
}

/**
 * The operation in the address of a GET.
 *
 * @throws as `paramsOfBody`
 */
export function paramsOfUrl(url: string): OperationParams {
  const { search, searchParams } = new URL(url);
  assertUtf8Query(search);
  const json = (name: string) => {
    const text = searchParams.get(name);
    return text ? parseJson(text, `The parameter ${name}`) : undefined;
  };
  return checkedParams({
    query: searchParams.get("query") ?? undefined,
    operationName: searchParams.get("operationName"),
    variables: json("variables"),
    extensions: json("extensions"),
    documentId: searchParams.get("documentId"),
    id: searchParams.get("id"),
  });
}

/**
 * The operation among these members. Others are ignored, as GraphQL over HTTP asks: clients send some of their own.
 * An empty `operationName` counts as none.
 *
 * @throws a refusal (`BAD_USER_INPUT`, `PERSISTED_QUERY_NOT_SUPPORTED`) that says what was expected
 */
export function checkedParams(params: Readonly<Record<string, unknown>>): OperationParams {
  const { query, operationName, variables, extensions } = params;
  if (!query && isPersisted(params)) throw persistedQueryNotSupported();
  if (query === undefined || query === null) throw badInput("Must provide query string.");
  if (typeof query !== "string") throw badInput(`Expected "query" param to be a string, but given ${typeOf(query)}.`);
  if (!isOptional(operationName, "string")) {
    throw badInput(`Expected "operationName" param to be empty or a string, but given ${typeOf(operationName)}.`);
  }
  return {
    query,
    operationName: operationName || undefined,
    variables: object("variables", variables),
    extensions: object("extensions", extensions),
  };
}

/** Whether a query is named by a hash or an id that the server is to know. */
function isPersisted({ extensions, documentId, id }: Readonly<Record<string, unknown>>): boolean {
  if (typeof documentId === "string" || typeof id === "string") return true;
  return isRecord(extensions) && isRecord(extensions.persistedQuery);
}

/** Clients send the text again when they read this very message; urql looks at nothing else. */
const persistedQueryNotSupported = (): GraphQLError =>
  refusal("PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported", {
    status: 400,
    isDocumentFault: true,
    headers: { "cache-control": "no-store" },
  });

function object(name: string, value: unknown): Readonly<Record<string, unknown>> | null | undefined {
  if (value === undefined || value === null || isRecord(value)) return value;
  throw badInput(`Expected "${name}" param to be empty or an object, but given ${typeOf(value)}.`);
}

const isOptional = (value: unknown, type: "string"): value is string | null | undefined =>
  value === undefined || value === null || typeof value === type;

const typeOf = (value: unknown): string => (Array.isArray(value) ? "array" : typeof value);

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badInput(`${what} is not valid JSON.`);
  }
}

const badInput = (message: string) => refusal("BAD_USER_INPUT", message, { status: 400 });
