import { badUserInput } from "../core/domain-error.ts";

type Plain = string | number | boolean;

/** The value of a query parameter. A list repeats the parameter; null and undefined leave it out. */
export type QueryValue = Plain | null | undefined | readonly Plain[] | EncodedValue;

/** A value that is already encoded, by {@link joined} or {@link reserved}. */
export class EncodedValue {
  readonly encoded: string;

  constructor(encoded: string) {
    this.encoded = encoded;
  }
}

/**
 * Encodes a query. Undefined and null are left out, and a list repeats its parameter.
 *
 * ```ts
 * queryOf({ status: ["open", "closed"], page: 2, label: undefined }); // status=open&status=closed&page=2
 * queryOf({ ids: joined([1, 2], ",") }); // ids=1,2
 * ```
 */
export function queryOf(values: Readonly<Record<string, QueryValue>>): string {
  const pairs = Object.entries(values).flatMap(([name, value]) => {
    const key = encodeQuery(name);
    return [value ?? []].flat().map((one) => `${key}=${one instanceof EncodedValue ? one.encoded : encodeQuery(one)}`);
  });
  return pairs.join("&");
}

/**
 * The separator of a list in one parameter: `form`, `spaceDelimited` and `pipeDelimited` of OpenAPI, without `explode`.
 */
export type ListSeparator = "," | " " | "|";

/** The separators as they are sent: a URL encodes a space and a bar, and not a comma. */
const separators: Readonly<Record<ListSeparator, string>> = { ",": ",", " ": "%20", "|": "%7C" };

/**
 * A list as the value of one parameter, `1,2`; undefined for an empty list. A comma in a value is encoded.
 * @throws DomainError `BAD_USER_INPUT` for a value with a separator that is encoded itself
 */
export function joined(
  values: readonly Plain[] | null | undefined,
  separator: ListSeparator,
): EncodedValue | undefined {
  if (values == null || values.length === 0) return undefined;
  if (separator !== "," && values.some((value) => String(value).includes(separator))) {
    throw badUserInput(`Expected values without ${JSON.stringify(separator)}, got ${JSON.stringify(values)}.`);
  }
  return new EncodedValue(values.map(encodeQuery).join(separators[separator]));
}

/** A value whose reserved characters are not encoded (`allowReserved`), except `&`, `#` and `+`. */
export function reserved(value: Plain | null | undefined): EncodedValue | undefined {
  if (value == null) return undefined;
  return new EncodedValue(
    encodeQuery(value).replaceAll(/%(?:2F|3A|3F|40|21|24|27|28|29|2A|2C|3B|3D|5B|5D)/g, decodeURIComponent),
  );
}

/** Encodes a name or a value of a query. */
export const encodeQuery = (value: Plain): string => encodeURIComponent(String(value).toWellFormed());

/**
 * Sets a parameter of a query, in place of its former values. The rest of the query is unchanged, byte for byte;
 * `URLSearchParams` would encode it again.
 */
export function withParameter(search: string, name: string, value: string | number): string {
  const pairs = search.split("&").filter((pair) => pair !== "");
  const pair = `${encodeQuery(name)}=${encodeQuery(value)}`;
  const index = pairs.findIndex((one) => nameIn(one) === name);
  if (index < 0) return [...pairs, pair].join("&");
  return pairs.flatMap((one, at) => (at === index ? pair : nameIn(one) === name ? [] : one)).join("&");
}

function nameIn(pair: string): string | undefined {
  const [name] = new URLSearchParams(pair).keys();
  return name;
}
