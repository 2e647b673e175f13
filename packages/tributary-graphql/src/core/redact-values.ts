/**
 * Redacts a statement or URL for the log: `…` replaces each value, because a client may have entered it. Only the number of
 * a `limit` is kept.
 *
 * - `https://api.example.org/cities?id=…`
 * - `select "name" from "city" where "id" = $1 and "kind" = … limit 11`
 */
export const redactValues = (sent: string): string =>
  /^https?:/.test(sent) ? sent.replace(/(?<=[?&][^=&]*=)[^&]*/g, "…") : sent.replace(literalsAndNames, redacted);

/** Also matches quoted names, so that their content is not taken for a literal. */
const literalsAndNames =
  /"(?:[^"]|"")*"|`(?:[^`]|``)*`|'(?:[^']|'')*'|(?<![\w$.])(?<!\blimit )\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi;

const redacted = (matched: string): string => (/^["`]/.test(matched) ? matched : "…");

/**
 * Redacts the URLs in a text for the log: `…` replaces the passwords of users and the values of queries, which may be keys.
 *
 * - `connect to postgres://app:…@db.internal/app failed`
 * - `GET https://api.example.org/cities?key=… failed`
 */
export const withoutCredentials = (text: string): string =>
  text.includes("://") ? text.replace(url, (found) => found.replace(password, "$1:…@").replace(queryValue, "…")) : text;

const url = /\b[a-z][a-z\d+.-]*:\/\/[^\s"'<>`]+/gi;
const password = /^([^/]*\/\/[^/:@]*):[^/]*@/;
const queryValue = /(?<=[?&][^=&]*=)[^&]+/g;
