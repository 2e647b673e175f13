/** The names and values of a `Cookie` header, as they were sent (RFC 6265, section 4.2). A part without `=` has no name and is left out. */
export function* cookiePairs(header: string): Generator<readonly [name: string, value: string], void> {
  for (const part of header.split(";")) {
    const equals = part.indexOf("=");
    if (equals > 0) yield [part.slice(0, equals).trim(), part.slice(equals + 1).trim()];
  }
}

/** The value without the quotes that may enclose it, and percent-decoded, as most servers write it; unchanged where that fails. */
export function decodedCookie(value: string): string {
  const plain = value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}
