import { badUserInput } from "../core/domain-error.ts";

type Plain = string | number | boolean;

/** The value of a query parameter: one value, several by repeating its name, or none. */
export type QueryValue = Plain | null | undefined | readonly Plain[] | EncodedValue;

/** A value that is sent as it is: made by {@link joined} and {@link reserved}. */
export class EncodedValue {
  readonly encoded: string;

  constructor(encoded: string) {
    this.encoded = encoded;
  }
}

/**
 * A query with the values that are there: undefined and null are left out, and a list repeats its name.
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

/** How a list is one parameter: `form`, `spaceDelimited` and `pipeDelimited` of OpenAPI, without `explode`. */
export type ListSeparator = "," | " " | "|";

/** The separator of values. A comma is not encoded in a URL; a space and a bar are. */
const separators: Readonly<Record<ListSeparator, string>> = { ",": ",", " ": "%20", "|": "%7C" };

/**
 * A list as one parameter, `1,2`; undefined where there is none, or an empty one. A comma within a value is encoded, and
 * so is told from those between them.
 * @throws DomainError `BAD_USER_INPUT` for a value that holds the separator, where that is encoded as well
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

/** A text whose reserved characters are not encoded (`allowReserved`), but for those that would end it: `&`, `#`, `+`. */
export function reserved(value: Plain | null | undefined): EncodedValue | undefined {
  if (value == null) return undefined;
  return new EncodedValue(
    encodeQuery(value).replaceAll(/%(?:2F|3A|3F|40|21|24|27|28|29|2A|2C|3B|3D|5B|5D)/g, decodeURIComponent),
  );
}

/** A name or a value as a query has it. */
export const encodeQuery = (value: Plain): string => encodeURIComponent(String(value).toWellFormed());

/**
 * A query in which a parameter has this value, in place of those that it had. The rest of it stays as it is, byte for
 * byte, which `URLSearchParams` would encode anew.
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
