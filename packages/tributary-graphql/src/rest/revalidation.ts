import type { ResponseHeaders } from "./upstream-read.ts";

/** Whether a 304 selects the stored response. If its ETag differs, the call has to be repeated (RFC 9111, 4.3.4). */
export function isSameRepresentation(stored: ResponseHeaders, notModified: ResponseHeaders): boolean {
  if (notModified.etag === undefined) return true;
  return stored.etag !== undefined && opaqueTag(stored.etag) === opaqueTag(notModified.etag);
}

const opaqueTag = (etag: string | string[]): string => String(etag).replace(/^W\//, "");

/** The headers of a stored response, updated by those of a 304 that are not about the content (RFC 9111, 3.2). */
export function freshenedHeaders(stored: ResponseHeaders, notModified: ResponseHeaders): ResponseHeaders {
  const merged: Record<string, string | string[] | undefined> = { ...stored };
  // The age and the date of the stored response are outdated.
  delete merged.age;
  delete merged.date;
  for (const [name, value] of Object.entries(notModified)) {
    if (!contentHeaders.has(name)) merged[name] = value;
  }
  return merged;
}

const contentHeaders: ReadonlySet<string> = new Set([
  "content-encoding",
  "content-length",
  "content-range",
  "content-type",
  "transfer-encoding",
]);
