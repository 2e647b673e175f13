/**
 * Rows in the order of the keys that asked for them, as a DataLoader must return them: one slot a key, null where no
 * row has it. Rows nobody asked for are dropped, and of two rows with one key the first counts.
 */
export function oneFor<Key, Row>(keys: readonly Key[], rows: Iterable<Row>, keyOf: (row: Row) => Key): (Row | null)[] {
  const byKey = new Map<Key, Row>();
  for (const row of rows) {
    const key = keyOf(row);
    if (!byKey.has(key)) byKey.set(key, row);
  }
  return keys.map((key) => byKey.get(key) ?? null);
}
