/** A valid operation whose values try to reach more than it may. */
export interface ValueAttack {
  readonly name: string;
  readonly source: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** The data; null where the field is null. Unset where it is that of `sameAs`. */
  readonly data?: unknown;
  /** The same operation with the letters of the text alone, which gives the same data. */
  readonly sameAs?: Readonly<Record<string, unknown>>;
  /** Of the errors; default none. */
  readonly codes?: readonly string[];
}

const injection = "OWASP: injection (SQL)";
const traversal = "OWASP: path traversal, SSRF";
const forged = "OWASP: insecure direct object references";

const country = "query ($code: String!) { country(code: $code) { name } }";
const currency = "query ($code: String!) { currency(code: $code) { name } }";
const rate = 'query ($to: String!) { currency(code: "EUR") { rate(to: $to) } }';
const search = "query ($text: String!) { search(text: $text) { __typename } }";
const cities = "query ($name: String!) { cities(where: { nameStartsWith: $name }) { nodes { name } } }";
const countries = "query ($name: String!) { countries(search: $name) { nodes { name } } }";
const airport = "query ($iata: String!) { airport(iata: $iata) { name } }";
const after = "query ($after: String) { cities(first: 1, after: $after) { nodes { name } } }";
const node = "query ($id: ID!) { node(id: $id) { id } }";

const base64 = (text: string): string => Buffer.from(text).toString("base64url");

/** Texts that end a literal, a statement or a comment of SQL, in any of the databases. */
const sqlTexts = [
  "'; DROP TABLE city; --",
  "' OR '1'='1",
  '" OR ""="',
  "\\' OR 1=1 -- ",
  "1' UNION SELECT name FROM sqlite_master --",
  "/**/OR/**/1=1",
  "\u0000' OR 1=1",
  "%' OR name LIKE '%",
  "$1; SELECT 1",
  "{{constructor}}",
];

/** Texts that make another URL of a call to a service. */
const urlTexts = [
  "../../rates/EUR",
  "..",
  "%2e%2e%2frates",
  "NO/../../admin",
  "NO?admin=1",
  "NO#admin",
  "NO&codes=SE",
  "@evil.test",
  "//evil.test/NO",
  "\\\\evil.test\\NO",
  "http://169.254.169.254/latest/meta-data/",
  "NO\r\nX-Admin: 1",
  "NO\u0000",
];

const of = (
  source: string,
  texts: readonly string[],
  field: string,
  query: string,
  variable: string,
  data: unknown,
  codes?: readonly string[],
): ValueAttack[] =>
  texts.map((text) => ({
    name: `${JSON.stringify(text)} as ${field}`,
    source,
    query,
    variables: { [variable]: text },
    data,
    ...(codes && { codes }),
  }));

/** Names are compared by their letters: nothing else of a text has a meaning. */
const lettersOnly = (
  source: string,
  texts: readonly string[],
  field: string,
  query: string,
  variable: string,
): ValueAttack[] =>
  texts.map((text) => ({
    name: `${JSON.stringify(text)} as ${field}`,
    source,
    query,
    variables: { [variable]: text },
    sameAs: { [variable]: text.replaceAll(/[^\p{L}\p{N}]+/gu, " ").trim() },
  }));

export const valueAttacks: readonly ValueAttack[] = [
  ...lettersOnly(injection, [...sqlTexts, "%a", "_a", "[a-z]", "*a"], "the start of a city's name", cities, "name"),
  ...lettersOnly(injection, sqlTexts, "a text to search for", search, "text"),
  ...lettersOnly(traversal, urlTexts.slice(2), "a word in a country's name", countries, "name"),
  ...of(injection, sqlTexts, "the code of an airport", airport, "iata", { airport: null }, ["BAD_USER_INPUT"]),
  ...of(traversal, urlTexts, "the code of a country", country, "code", { country: null }, ["BAD_USER_INPUT"]),
  ...of(traversal, urlTexts, "the code of a currency", currency, "code", { currency: null }, ["BAD_USER_INPUT"]),
  ...of(traversal, urlTexts, "a currency to convert to", rate, "to", { currency: { rate: null } }, ["BAD_USER_INPUT"]),
  ...of(
    forged,
    [
      base64('["population desc; drop table city"]'),
      base64("[1]"),
      base64('[{"$gt":0},1]'),
      base64('{"__proto__":1}'),
      "x",
      "",
      "=".repeat(1_000),
      base64("[1e999,1]"),
    ],
    "a cursor",
    after,
    "after",
    { cities: null },
    ["BAD_USER_INPUT"],
  ),
  ...of(
    forged,
    [
      "1",
      base64("City:1 OR 1=1"),
      base64("User:1"),
      base64("__proto__:1"),
      base64("constructor:1"),
      base64("Country:../../x"),
      base64("City:99999999999999999999"),
      "",
    ],
    "a global id",
    node,
    "id",
    { node: null },
    ["BAD_USER_INPUT"],
  ),
];
