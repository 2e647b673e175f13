/**
 * The headers by which browsers are told what they may not do with an answer of `/graphql`:
 *
 * - not take it for another type than it says (`nosniff`)
 * - not load it into a page of another origin by an element, as an image or a script does (`Cross-Origin-Resource-Policy`).
 *   `fetch` of a page that CORS allows is not concerned.
 */
export const answerHeaders = {
  "cross-origin-resource-policy": "same-origin",
  "x-content-type-options": "nosniff",
} as const;

/**
 * The headers of pages: beside those of answers, no page may frame them (older browsers know only `X-Frame-Options`), their
 * addresses, which may contain a query and its variables, are told to no other site, and no window of another origin has a
 * handle of theirs. A page sets its own `Content-Security-Policy`.
 */
export const pageHeaders = {
  ...answerHeaders,
  "cross-origin-opener-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-frame-options": "DENY",
} as const;

/** An answer may depend on its client, so no cache keeps it unless the app says otherwise. */
export const uncached = "no-store";

/** Sets the headers of an answer. Its caching is left as it is where the app, a plugin or a stream has said something about it. */
export function setAnswerHeaders(headers: Headers): void {
  for (const [name, value] of Object.entries(answerHeaders)) headers.set(name, value);
  if (!saysCaching.some((name) => headers.has(name))) headers.set("cache-control", uncached);
}

const saysCaching = ["cache-control", "etag", "expires", "last-modified"];

/** Sets the headers of a page, or of another answer beside `/graphql`. One that is set already stays. */
export function setPageHeaders(headers: Headers): void {
  for (const [name, value] of Object.entries(pageHeaders)) if (!headers.has(name)) headers.set(name, value);
}
