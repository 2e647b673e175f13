import { hash } from "tributary-testing/hash.ts";

/** Which reads and which properties are broken, the same ones in every execution of an operation. */
export interface Faults {
  /** Chooses which ones. */
  readonly seed: number;
  /** How many of 100 keys fail, each for itself. */
  readonly keyPercent: number;
  /** How many of 100 properties that must not be null are null: an error in a place that is not nullable. */
  readonly propertyPercent: number;
  /** How many of 100 kinds of calls fail for all of their keys. */
  readonly callPercent: number;
}

export const noFaults: Faults = { seed: 0, keyPercent: 0, propertyPercent: 0, callPercent: 0 };

/** Whether this key of this call fails. Must not depend on the other keys of the batch, which a stream changes. */
export const failsForKey = (faults: Faults, call: string, key: string): boolean =>
  isChosen(faults.callPercent, `${faults.seed}:${call}`) ||
  isChosen(faults.keyPercent, `${faults.seed}:${call}:${key}`);

/** The item with those of these properties set to null that are broken in it. */
export function withBrokenProperties<Item extends object>(
  faults: Faults,
  identity: string,
  item: Item,
  properties: readonly (keyof Item & string)[],
): Item {
  const broken = properties.filter((property) =>
    isChosen(faults.propertyPercent, `${faults.seed}:${identity}:${property}`),
  );
  if (broken.length === 0) return item;
  return { ...item, ...Object.fromEntries(broken.map((property) => [property, null])) };
}

const isChosen = (percent: number, name: string): boolean => percent > 0 && hash(name) % 100 < percent;
