import type { GraphQLParams } from "graphql-yoga";
import { refusal } from "../security/refusal.ts";

/**
 * Reads a GraphQL request. A POST must be JSON: the content types of HTML forms need no CORS preflight, so any page
 * could send them with its visitor's credentials.
 *
 * @param maxBodyBytes the body is no longer read after so many
 * @throws a refusal (`BAD_USER_INPUT`, `LIMIT_EXCEEDED`) that says what was expected
 */
export async function readParams(request: Request, maxBodyBytes: number): Promise<GraphQLParams> {
  if (request.method === "GET") return paramsOfUrl(request.url);
  assertJson(request.headers);
  const text = await readText(request, maxBodyBytes);
  const params: unknown = parseJson(text, "The request body");
  if (isRecord(params)) return params;
  const came = Array.isArray(params) ? "a list (batches are not supported)" : String(params);
  throw refusal("BAD_USER_INPUT", `The request body must be a JSON object, not ${came}.`, { status: 400 });
}

function paramsOfUrl(url: string): GraphQLParams {
  const { searchParams } = new URL(url);
  const json = (name: string) => {
    const text = searchParams.get(name);
    return text ? parseJson(text, `The parameter ${name}`) : undefined;
  };
  return {
    query: searchParams.get("query") ?? undefined,
    operationName: searchParams.get("operationName") || undefined,
    // Yoga checks that these are objects.
    variables: json("variables") as GraphQLParams["variables"],
    extensions: json("extensions") as GraphQLParams["extensions"],
  };
}

function assertJson(headers: Headers): void {
  const contentType = headers.get("content-type") ?? "";
  const mediaType = contentType.split(";", 1)[0]?.trim().toLowerCase();
  if (mediaType !== "application/json") {
    const message = `A POST must have the content type application/json, not ${mediaType || "none"}.`;
    throw refusal("BAD_USER_INPUT", message, { status: 415 });
  }
  const encoding = headers.get("content-encoding") ?? "identity";
  if (encoding !== "identity") {
    throw refusal("BAD_USER_INPUT", `The content encoding ${encoding} is not supported.`, { status: 415 });
  }
}

async function readText(request: Request, maxBytes: number): Promise<string> {
  if (Number(request.headers.get("content-length")) > maxBytes) throw tooLarge(maxBytes);
  if (request.body === null) return "";
  // A reader that is only released, not `for await`: leaving that loop destroys the connection before the answer.
  const reader = request.body.getReader();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    bytes += chunk.value.byteLength;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk.value);
  }
  return Buffer.concat(chunks).toString("utf8");
}

const tooLarge = (maxBytes: number) =>
  refusal("LIMIT_EXCEEDED", `The request body is larger than ${maxBytes} bytes.`, { status: 413 });

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refusal("BAD_USER_INPUT", `${what} is not valid JSON.`, { status: 400 });
  }
}

const isRecord = (value: unknown): value is GraphQLParams =>
  typeof value === "object" && value !== null && !Array.isArray(value);
