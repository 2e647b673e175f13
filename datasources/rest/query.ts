/** What a query can say of a parameter: one value, several by repeating its name, or nothing. */
export type QueryValue = string | number | boolean | null | undefined | readonly (string | number | boolean)[];

/**
 * A query with the values that are there: undefined and null are left out, and a list repeats its name.
 *
 * ```ts
 * queryOf({ status: ["open", "closed"], page: 2, label: undefined }); // status=open&status=closed&page=2
 * ```
 */
export function queryOf(values: Readonly<Record<string, QueryValue>>): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    for (const one of [value ?? []].flat()) query.append(name, String(one));
  }
  return query;
}
