/**
 * The text of a file, without the byte order mark that some editors put before it: UTF-8, or UTF-16 where its first bytes
 * say so, by that mark or by the zeros that the first character has there.
 * @throws Error for bytes that are no such text
 */
export function decodeText(bytes: Uint8Array): string {
  const encoding = encodingOf(bytes);
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new Error(`it is no text in ${encoding.toUpperCase()}`);
  }
}

function encodingOf([first, second]: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  if ((first === 0xfe && second === 0xff) || first === 0) return "utf-16be";
  if ((first === 0xff && second === 0xfe) || second === 0) return "utf-16le";
  return "utf-8";
}
