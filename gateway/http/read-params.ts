import { refusal } from "../security/refusal.ts";
import { type OperationParams, paramsOfBody, paramsOfUrl } from "./operation-params.ts";

/**
 * Reads a GraphQL request. A POST must be JSON: the content types of HTML forms need no CORS preflight, so any page
 * could send them with its visitor's credentials.
 *
 * @param maxBodyBytes the body is no longer read after so many
 * @throws a refusal (`BAD_USER_INPUT`, `LIMIT_EXCEEDED`) that says what was expected
 */
export async function readParams(request: Request, maxBodyBytes: number): Promise<OperationParams> {
  if (request.method === "GET") return paramsOfUrl(request.url);
  assertJson(request.headers);
  return paramsOfBody(await readText(request, maxBodyBytes));
}

/** Whether this is the content type of JSON, whatever its parameters. */
export const isJson = (contentType: string | null | undefined): boolean => mediaTypeOf(contentType) === json;

const json = "application/json";

const mediaTypeOf = (contentType: string | null | undefined): string | undefined =>
  contentType?.split(";", 1)[0]?.trim().toLowerCase();

function assertJson(headers: Headers): void {
  const contentType = headers.get("content-type");
  if (!isJson(contentType)) {
    const message = `A POST must have the content type ${json}, not ${mediaTypeOf(contentType) || "none"}.`;
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

export const tooLarge = (maxBytes: number) =>
  refusal("LIMIT_EXCEEDED", `The request body is larger than ${maxBytes} bytes.`, { status: 413 });
