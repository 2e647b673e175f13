import type { IncomingMessage } from "node:http";
import { clipped } from "../../core/thrown-values.ts";
import { membersOfBody, membersOfQueryString, type RequestMembers } from "../pipeline/operation-params.ts";
import { refusal } from "../security/refusal.ts";
import { textOf } from "./utf8.ts";

/**
 * Reads a GraphQL request. A POST must be JSON: the content types of HTML forms need no CORS preflight, so any page could
 * send them with its visitor's credentials.
 *
 * @param maxBodyBytes the body is not read beyond
 * @throws a refusal (`BAD_USER_INPUT`, `LIMIT_EXCEEDED`) that says what was expected
 */
export async function readMembers(request: Request, maxBodyBytes: number): Promise<RequestMembers> {
  if (request.method === "GET") return membersOfQueryString(new URL(request.url).search);
  assertJson(request.headers);
  return membersOfBody(bodyText(await readBytes(request, maxBodyBytes)));
}

/** Whether a body of this content type is taken: JSON in UTF-8. */
export const isJson = (contentType: string | null | undefined): boolean => contentTypeFault(contentType) === undefined;

const json = "application/json";
const utf8: ReadonlySet<string> = new Set(["utf-8", "utf8"]);

/** Why a body of this content type is not taken; undefined for JSON in UTF-8. */
function contentTypeFault(contentType: string | null | undefined): string | undefined {
  const [type, ...parameters] = parametersOf(contentType ?? "");
  if (type?.name !== json)
    return `A POST must have the content type ${json}, not ${clipped(type?.name || "none", 100)}.`;
  const other = parameters.find(({ name, value }) => name === "charset" && !utf8.has(value));
  return other && `A POST must be in UTF-8: the charset ${clipped(other.value, 100)} is not supported.`;
}

function parametersOf(contentType: string): { readonly name: string; readonly value: string }[] {
  return contentType
    .toLowerCase()
    .split(";")
    .map((part) => {
      const [name = "", ...value] = part.split("=");
      return { name: name.trim(), value: value.join("=").trim().replaceAll('"', "") };
    });
}

function assertJson(headers: Headers): void {
  const fault = contentTypeFault(headers.get("content-type"));
  if (fault !== undefined) throw refusal("BAD_USER_INPUT", fault, { status: 415 });
  const encoding = headers.get("content-encoding") ?? "identity";
  if (encoding !== "identity") {
    const message = `The content encoding ${clipped(encoding, 100)} is not supported.`;
    throw refusal("BAD_USER_INPUT", message, { status: 415 });
  }
}

/** @throws a refusal (`LIMIT_EXCEEDED`) of a larger body */
export async function readBytes(request: Request, maxBytes: number): Promise<Buffer<ArrayBuffer>> {
  if (Number(request.headers.get("content-length")) > maxBytes) throw tooLarge(maxBytes);
  if (request.body === null) return Buffer.alloc(0);
  // A reader that is only released, not `for await`: leaving that loop destroys the connection before the answer.
  const reader = request.body.getReader();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    bytes += chunk.value.byteLength;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk.value);
  }
  return Buffer.concat(chunks);
}

/** @throws a refusal for bytes that are not UTF-8 */
export const bodyText = (bytes: Buffer): string => textOf(bytes, "The request body");

export const tooLarge = (maxBytes: number) =>
  refusal("LIMIT_EXCEEDED", `The request body is larger than ${maxBytes} bytes.`, { status: 413 });

/**
 * Reads a body. A client that leaves before it has sent everything is never called back for.
 *
 * @param maxBytes beyond, the body is dropped as it arrives, so that the connection can be used again
 * @param done called once, with undefined for a body that is too large
 */
export function readBody(request: IncomingMessage, maxBytes: number, done: (bytes: Buffer | undefined) => void): void {
  let bytes = 0;
  let first: Buffer | undefined;
  let chunks: Buffer[] | undefined;
  const refuse = (): void => {
    request.off("data", onData).off("end", onEnd).resume();
    done(undefined);
  };
  const onData = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes > maxBytes) refuse();
    else if (first === undefined) first = chunk;
    else if (chunks === undefined) chunks = [first, chunk];
    else chunks.push(chunk);
  };
  const onEnd = (): void => done(chunks ? Buffer.concat(chunks) : (first ?? Buffer.alloc(0)));
  if (Number(request.headers["content-length"]) > maxBytes) refuse();
  else request.on("data", onData).on("end", onEnd);
}
