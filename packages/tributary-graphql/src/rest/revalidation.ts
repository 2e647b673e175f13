import type { AnswerHeaders } from "./upstream-read.ts";

/**
 * Whether a 304 is about the response that is stored. One with another ETag is not, and the whole has to be asked for
 * (RFC 9111, 4.3.4).
 */
export function isAbout(stored: AnswerHeaders, notModified: AnswerHeaders): boolean {
  if (notModified.etag === undefined) return true;
  return stored.etag !== undefined && opaque(stored.etag) === opaque(notModified.etag);
}

const opaque = (etag: string | string[]): string => String(etag).replace(/^W\//, "");

/** The headers of a stored response after a 304, which knows nothing of the stored body (RFC 9111, 3.2). */
export function mergedHeaders(stored: AnswerHeaders, notModified: AnswerHeaders): AnswerHeaders {
  const merged: Record<string, string | string[] | undefined> = { ...stored };
  // How old the stored response was, and when it was made, is no longer true.
  delete merged.age;
  delete merged.date;
  for (const [name, value] of Object.entries(notModified)) {
    if (!aboutTheBody.has(name)) merged[name] = value;
  }
  return merged;
}

const aboutTheBody: ReadonlySet<string> = new Set([
  "content-encoding",
  "content-length",
  "content-range",
  "content-type",
  "transfer-encoding",
]);
