import type { GraphQLError } from "graphql";
import { describeValue } from "../../core/thrown-values.ts";
import { assertUtf8Query } from "../http/utf8.ts";
import { refusal } from "../security/refusal.ts";

/** A GraphQL request, with the types checked. */
export interface OperationParams {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: Readonly<Record<string, unknown>> | null;
  readonly extensions?: Readonly<Record<string, unknown>> | null;
}

/** The members of a GraphQL request, with the types that the client gave them. */
export type RequestMembers = Readonly<Record<string, unknown>>;

/** Finds the text of a document that a request names by an id or a hash. */
export interface PersistedTexts {
  /**
   * Undefined where the request names none.
   *
   * @throws a refusal (`PERSISTED_QUERY_NOT_FOUND`)
   */
  textOf(members: RequestMembers): string | undefined;
}

/**
 * The members of a POST's body.
 *
 * @throws a refusal (`BAD_USER_INPUT`) that says what was expected
 */
export function membersOfBody(text: string): RequestMembers {
  const members = parseJson(text, "The request body");
  if (isRecord(members)) return members;
  const came = Array.isArray(members) ? "a list (batches are not supported)" : describeValue(members);
  throw badInput(`The request body must be a JSON object, not ${came}.`);
}

/**
 * The members in the query string of a GET.
 *
 * @param search with its question mark
 * @throws as `membersOfBody`
 */
export function membersOfQueryString(search: string): RequestMembers {
  assertUtf8Query(search);
  const parameters = new URLSearchParams(search);
  const json = (name: string) => {
    const text = parameters.get(name);
    return text ? parseJson(text, `The parameter ${name}`) : undefined;
  };
  return {
    query: parameters.get("query") ?? undefined,
    operationName: parameters.get("operationName"),
    variables: json("variables"),
    extensions: json("extensions"),
    documentId: parameters.get("documentId"),
    id: parameters.get("id"),
  };
}

/**
 * Checks the members that name an operation. Others are ignored, as GraphQL over HTTP asks: clients send some of their own.
 * An empty `operationName` counts as none. A request that names a trusted document instead of a text gets the text of that.
 *
 * @throws a refusal (`BAD_USER_INPUT`, `PERSISTED_QUERY_NOT_SUPPORTED`, `PERSISTED_QUERY_NOT_FOUND`) that says what was expected
 */
export function checkedParams(params: RequestMembers, persisted: PersistedTexts | undefined): OperationParams {
  const { operationName, variables, extensions } = params;
  const query = params.query || (persisted?.textOf(params) ?? params.query);
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
function isPersisted({ extensions, documentId, id }: RequestMembers): boolean {
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

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badInput(`${name} is not valid JSON.`);
  }
}

const badInput = (message: string) => refusal("BAD_USER_INPUT", message, { status: 400 });
