import { isAscii } from "node:buffer";
import { UnreadableBodyError } from "./body.ts";

const asciiCompatible: ReadonlySet<string> = new Set(["utf-8", "utf8", "us-ascii", "ascii"]);

/** Decoders by label. They keep no state between bodies. */
const decoders = new Map<string, TextDecoder>();

/**
 * Decodes a body by its byte order mark or its zero bytes (UTF-16, UTF-32), else by the charset of its `Content-Type`,
 * else as UTF-8. The byte order mark is removed.
 * @throws UnreadableBodyError for an unknown charset, and for bytes that are invalid in the charset
 */
export function textOf(bytes: Buffer, contentType: string | readonly string[] | undefined): string {
  const charset = detectedCharset(bytes) ?? declaredCharset(contentType) ?? "utf-8";
  if (asciiCompatible.has(charset) && isAscii(bytes)) return bytes.toString("latin1");
  // `TextDecoder` decodes this label as windows-1252.
  if (charset === "us-ascii" || charset === "ascii") throw new UnreadableBodyError(`its body is not valid ${charset}`);
  try {
    return decoderOf(charset).decode(bytes);
  } catch (cause) {
    if (cause instanceof UnreadableBodyError) throw cause;
    throw new UnreadableBodyError(`its body is not valid ${charset}`, { cause });
  }
}

function decoderOf(charset: string): TextDecoder {
  const cached = decoders.get(charset);
  if (cached !== undefined) return cached;
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(charset, { fatal: true });
  } catch (cause) {
    throw new UnreadableBodyError(`its charset ${JSON.stringify(charset.slice(0, 40))} is not known`, { cause });
  }
  decoders.set(charset, decoder);
  return decoder;
}

/** JSON begins with two ASCII characters, so the zeros among its first bytes tell the width of a character. */
function detectedCharset(bytes: Buffer): string | undefined {
  const [first, second, third, fourth] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return "utf-8";
  if (first === 0xff && second === 0xfe) return third === 0 && fourth === 0 ? "utf-32" : "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (first === 0) return second === 0 ? "utf-32" : "utf-16be";
  if (second === 0) return third === 0 ? "utf-32" : "utf-16le";
  return undefined;
}

function declaredCharset(contentType: string | readonly string[] | undefined): string | undefined {
  if (contentType === undefined) return undefined;
  const [, quoted, token] =
    /;\s*charset\s*=\s*(?:"([^"]*)"|'?([^\s;,'"]+))/i.exec([contentType].flat().join(",")) ?? [];
  return (quoted ?? token)?.trim().toLowerCase() || undefined;
}
