import { isAscii } from "node:buffer";
import { UnreadableBodyError } from "./body.ts";

const asciiCompatible: ReadonlySet<string> = new Set(["utf-8", "utf8", "us-ascii", "ascii"]);

/** Decoders by label: each keeps no state between two whole bodies. */
const decoders = new Map<string, TextDecoder>();

/**
 * A body's text in the charset that its bytes show (a byte order mark, or the zeros of UTF-16), else in the one that its
 * `Content-Type` names, else in UTF-8. A byte order mark is no part of the text.
 * @throws UnreadableBodyError for a charset that is not known, and for bytes that are not valid in it
 */
export function textOf(bytes: Buffer, contentType: string | readonly string[] | undefined): string {
  const charset = shownCharset(bytes) ?? charsetOf(contentType) ?? "utf-8";
  if (asciiCompatible.has(charset) && isAscii(bytes)) return bytes.toString("latin1");
  // A `TextDecoder` takes it for windows-1252.
  if (charset === "us-ascii" || charset === "ascii") throw new UnreadableBodyError(`its body is not valid ${charset}`);
  try {
    return decoderOf(charset).decode(bytes);
  } catch (cause) {
    if (cause instanceof UnreadableBodyError) throw cause;
    throw new UnreadableBodyError(`its body is not valid ${charset}`, { cause });
  }
}

function decoderOf(charset: string): TextDecoder {
  const known = decoders.get(charset);
  if (known !== undefined) return known;
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(charset, { fatal: true });
  } catch (cause) {
    throw new UnreadableBodyError(`its charset ${JSON.stringify(charset.slice(0, 40))} is not known`, { cause });
  }
  decoders.set(charset, decoder);
  return decoder;
}

/** JSON begins with two characters of ASCII, so that zeros among its first bytes tell how wide its characters are. */
function shownCharset(bytes: Buffer): string | undefined {
  const [first, second, third, fourth] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return "utf-8";
  if (first === 0xff && second === 0xfe) return third === 0 && fourth === 0 ? "utf-32" : "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (first === 0) return second === 0 ? "utf-32" : "utf-16be";
  if (second === 0) return third === 0 ? "utf-32" : "utf-16le";
  return undefined;
}

function charsetOf(contentType: string | readonly string[] | undefined): string | undefined {
  if (contentType === undefined) return undefined;
  const [, quoted, token] =
    /;\s*charset\s*=\s*(?:"([^"]*)"|'?([^\s;,'"]+))/i.exec([contentType].flat().join(",")) ?? [];
  return (quoted ?? token)?.trim().toLowerCase() || undefined;
}
