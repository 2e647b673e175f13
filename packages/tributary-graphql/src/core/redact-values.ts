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
