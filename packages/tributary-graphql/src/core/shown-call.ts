/**
 * The statement or URL that was sent to a source, as the log shows it: the text of a statement or a URL, in which `…` stands for each value,
 * since a client may have entered it. Of a statement's literals, only the number of a `limit` stays.
 *
 * - `https://api.example.org/cities?id=…`
 * - `select "name" from "city" where "id" = $1 and "kind" = … limit 11`
 */
export const withoutValues = (sent: string): string =>
  /^https?:/.test(sent) ? sent.replace(/(?<=[?&][^=&]*=)[^&]*/g, "…") : sent.replace(literalsAndNames, withoutLiteral);

/** Quoted names are matched as well, so that what they contain is not taken for a literal. */
const literalsAndNames =
  /"(?:[^"]|"")*"|`(?:[^`]|``)*`|'(?:[^']|'')*'|(?<![\w$.])(?<!\blimit )\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi;

const withoutLiteral = (matched: string): string => (/^["`]/.test(matched) ? matched : "…");
