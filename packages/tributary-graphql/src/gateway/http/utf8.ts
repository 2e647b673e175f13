import { isUtf8 } from "node:buffer";
import { refusal } from "../security/refusal.ts";

const byteOrderMark = 0xfeff;

/**
 * The text of these bytes, without a byte order mark. A decoder would replace what is not UTF-8 by another character.
 *
 * @param name what the bytes are, as the start of a sentence
 * @throws a refusal (`BAD_USER_INPUT`)
 */
export function textOf(bytes: Uint8Array, name: string): string {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!isUtf8(buffer)) throw notUtf8(name);
  const text = buffer.toString("utf8");
  return text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text;
}

/**
 * Refuses a query string whose percent-encoded bytes are not UTF-8, which `URL` would replace.
 *
 * @throws a refusal (`BAD_USER_INPUT`)
 */
export function assertUtf8Query(search: string): void {
  if (!/%[89a-f]/i.test(search)) return;
  const decoded = search.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  if (!isUtf8(Buffer.from(decoded, "latin1"))) throw notUtf8("The query string");
}

const notUtf8 = (name: string) =>
  refusal("BAD_USER_INPUT", `${name} has bytes that are not UTF-8. Send it as UTF-8.`, { status: 400 });
