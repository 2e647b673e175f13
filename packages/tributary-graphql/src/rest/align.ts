/**
 * Aligns rows with keys, as a DataLoader must return them: one slot per key, null for a key without a row. Rows with
 * other keys are dropped, and of two rows with the same key the first one is used.
 */
export function oneFor<Key, Row>(keys: readonly Key[], rows: Iterable<Row>, keyOf: (row: Row) => Key): (Row | null)[] {
  const byKey = new Map<Key, Row>();
  for (const row of rows) {
    const key = keyOf(row);
    if (!byKey.has(key)) byKey.set(key, row);
  }
  return keys.map((key) => byKey.get(key) ?? null);
}
