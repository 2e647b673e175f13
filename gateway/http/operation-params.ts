import { refusal } from "../security/refusal.ts";

/** What a client asks for, with the types checked. */
export interface OperationParams {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: Readonly<Record<string, unknown>> | null;
  readonly extensions?: Readonly<Record<string, unknown>> | null;
}

const names: ReadonlySet<string> = new Set(["query", "operationName", "variables", "extensions"]);

/**
 * The operation in the body of a POST.
 *
 * @throws a refusal (`BAD_USER_INPUT`) that says what was expected
 */
export function paramsOfBody(text: string): OperationParams {
  const params = parseJson(text, "The request body");
  if (isRecord(params)) return checked(params);
  const came = Array.isArray(params) ? "a list (batches are not supported)" : String(params);
  throw badInput(`The request body must be a JSON object, not ${came}.`);
}

/**
 * The operation in the address of a GET.
 *
 * @throws as `paramsOfBody`
 */
export function paramsOfUrl(url: string): OperationParams {
  const { searchParams } = new URL(url);
  const json = (name: string) => {
    const text = searchParams.get(name);
    return text ? parseJson(text, `The parameter ${name}`) : undefined;
  };
  return checked({
    query: searchParams.get("query") ?? undefined,
    operationName: searchParams.get("operationName") || undefined,
    variables: json("variables"),
    extensions: json("extensions"),
  });
}

function checked(params: Readonly<Record<string, unknown>>): OperationParams {
  for (const name in params) {
    if (!names.has(name) && params[name] != null) throw badInput(`Unexpected parameter "${name}" in the request body.`);
  }
  const { query, operationName, variables, extensions } = params;
  if (query === undefined || query === null) throw badInput("Must provide query string.");
  if (typeof query !== "string") throw badInput(`Expected "query" param to be a string, but given ${typeOf(query)}.`);
  if (!isOptional(operationName, "string")) {
    throw badInput(`Expected "operationName" param to be empty or a string, but given ${typeOf(operationName)}.`);
  }
  return {
    query,
    operationName,
    variables: object("variables", variables),
    extensions: object("extensions", extensions),
  };
}

function object(name: string, value: unknown): Readonly<Record<string, unknown>> | null | undefined {
  if (value === undefined || value === null || isRecord(value)) return value;
  throw badInput(`Expected "${name}" param to be empty or an object, but given ${typeOf(value)}.`);
}

const isOptional = (value: unknown, type: "string"): value is string | null | undefined =>
  value === undefined || value === null || typeof value === type;

const typeOf = (value: unknown): string => (Array.isArray(value) ? "array" : typeof value);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badInput(`${what} is not valid JSON.`);
  }
}

const badInput = (message: string) => refusal("BAD_USER_INPUT", message, { status: 400 });
