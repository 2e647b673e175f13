import type { RestKey } from "./key-encoding.ts";
import type { InvalidRows } from "./valid-rows.ts";

interface Batch<Row> {
  readonly invalid: InvalidRows;
  readonly validRows: readonly Row[];
  readonly keyOf: (row: Row) => RestKey | null | undefined;
  readonly isRequested: (key: string) => boolean;
}

/**
 * The issue of a key's rows. An invalid row belongs to its key. If its key cannot be read, it may belong to any key
 * without valid rows: such a key gets an issue, because the result that it has no rows may be wrong.
 */
export function issuesByKey<Row>(batch: Batch<Row>): (key: string, hasRows: boolean) => string | undefined {
  const byKey = new Map<string, string>();
  let withoutKey: string | undefined;
  const isUnchanged = hasUnchangedKeys(batch);
  for (const { raw, issue } of batch.invalid.rows) {
    const key = rawKeyOf(batch, raw);
    if (key !== undefined && batch.isRequested(key)) byKey.set(key, issue);
    else if (key === undefined || !isUnchanged) withoutKey ??= issue;
  }
  return (key, hasRows) => byKey.get(key) ?? (hasRows ? undefined : withoutKey);
}

/** Whether the schema leaves the keys of the valid rows unchanged. */
function hasUnchangedKeys<Row>(batch: Batch<Row>): boolean {
  const { validRows, invalid, keyOf } = batch;
  if (validRows.length === 0 || validRows.length !== invalid.validRaw.length) return false;
  return validRows.every((row, index) => {
    const key = keyOf(row);
    return key == null || String(key) === rawKeyOf(batch, invalid.validRaw[index]);
  });
}

function rawKeyOf<Row>({ keyOf }: Pick<Batch<Row>, "keyOf">, raw: unknown): string | undefined {
  try {
    const key: unknown = keyOf(raw as Row);
    return typeof key === "string" || typeof key === "number" ? String(key) : undefined;
  } catch {
    return undefined;
  }
}
