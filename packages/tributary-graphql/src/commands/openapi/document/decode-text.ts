/**
 * Decodes a file, without its byte order mark. The encoding is UTF-16 if the file begins with its byte order mark or has a
 * zero byte in its first character, and UTF-8 otherwise.
 * @throws Error for bytes that are invalid in this encoding
 */
export function decodeText(bytes: Uint8Array): string {
  const encoding = encodingOf(bytes);
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new Error(`it is not valid ${encoding.toUpperCase()}`);
  }
}

function encodingOf([first, second]: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  if ((first === 0xfe && second === 0xff) || first === 0) return "utf-16be";
  if ((first === 0xff && second === 0xfe) || second === 0) return "utf-16le";
  return "utf-8";
}
