import type { RestKey } from "./key-encoding.ts";
import type { InvalidRows } from "./valid-rows.ts";

interface Batch<Row> {
  readonly invalid: InvalidRows;
  /** The rows that are as declared. */
  readonly found: readonly Row[];
  readonly keyOf: (row: Row) => RestKey | null | undefined;
  readonly isAsked: (key: string) => boolean;
}

/**
 * The faults of a key's rows. A row that is not as declared belongs to the key that it came with. One whose key
 * cannot be read may belong to each key that has no other row: to say that there is none for it might be wrong.
 */
export function keyFaults<Row>(batch: Batch<Row>): (key: string, hasRows: boolean) => string | undefined {
  const byKey = new Map<string, string>();
  let ofUnknownKey: string | undefined;
  const isRaw = keysAreRaw(batch);
  for (const { raw, fault } of batch.invalid.rows) {
    const key = rawKeyOf(batch, raw);
    if (key !== undefined && batch.isAsked(key)) byKey.set(key, fault);
    else if (key === undefined || !isRaw) ofUnknownKey ??= fault;
  }
  return (key, hasRows) => byKey.get(key) ?? (hasRows ? undefined : ofUnknownKey);
}

/** Whether rows have, as they came, the keys that the schema gives them; a schema may also change them. */
function keysAreRaw<Row>(batch: Batch<Row>): boolean {
  const { found, invalid, keyOf } = batch;
  if (found.length === 0 || found.length !== invalid.validRaw.length) return false;
  return found.every((row, index) => {
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
