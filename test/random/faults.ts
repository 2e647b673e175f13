import { hash } from "tributary-testing/hash.ts";

/** Faults in reads and properties, the same in every execution of an operation. */
export interface Faults {
  /** Selects the reads and properties with faults. */
  readonly seed: number;
  /** Percentage of keys that fail individually. */
  readonly keyPercent: number;
  /** Percentage of properties of non-null fields that are null. */
  readonly propertyPercent: number;
  /** Percentage of call names that fail for all keys. */
  readonly callPercent: number;
}

export const noFaults: Faults = { seed: 0, keyPercent: 0, propertyPercent: 0, callPercent: 0 };

/** Whether this key of this call fails. Independent of the other keys of the batch, which differ in a stream. */
export const failsForKey = (faults: Faults, call: string, key: string): boolean =>
  isChosen(faults.callPercent, `${faults.seed}:${call}`) ||
  isChosen(faults.keyPercent, `${faults.seed}:${call}:${key}`);

/** The item with null for the properties that have a fault. */
export function withNullProperties<Item extends object>(
  faults: Faults,
  identity: string,
  item: Item,
  properties: readonly (keyof Item & string)[],
): Item {
  const faulty = properties.filter((property) =>
    isChosen(faults.propertyPercent, `${faults.seed}:${identity}:${property}`),
  );
  if (faulty.length === 0) return item;
  return { ...item, ...Object.fromEntries(faulty.map((property) => [property, null])) };
}

const isChosen = (percent: number, name: string): boolean => percent > 0 && hash(name) % 100 < percent;
