import { LRUCache } from "lru-cache";
import { costKeyOf, type RawVariables } from "./operation-variables.ts";

/** How many estimates of one operation are cached, for different values of its variables. */
const maxEstimates = 100;

/** How many sets of variables that were read are known per operation: `@include` decides what is read. */
const maxReadSets = 8;

/** The estimates of one operation. One that read no variable, or variables with the same values, holds for a further request. */
export class EstimateCache {
  #constant: number | undefined;
  readonly #readSets: (readonly string[])[] = [];
  #byValues: LRUCache<string, number> | undefined;

  /** Whether the estimate is the same for all variables. False before it is known. */
  get isConstant(): boolean {
    return this.#constant !== undefined;
  }

  get(variables: RawVariables): number | undefined {
    if (this.#constant !== undefined) return this.#constant;
    for (let at = 0; at < this.#readSets.length; at++) {
      const key = keyOf(at, this.#readSets[at] as readonly string[], variables);
      const known = key === undefined ? undefined : this.#byValues?.get(key);
      if (known !== undefined) return known;
    }
    return undefined;
  }

  /** @param read the names of the variables that the estimate depends on */
  set(read: ReadonlySet<string>, variables: RawVariables, estimate: number): void {
    if (read.size === 0) {
      this.#constant = estimate;
      return;
    }
    const at = this.#indexOf(read);
    if (at === undefined) return;
    const key = keyOf(at, this.#readSets[at] as readonly string[], variables);
    this.#byValues ??= new LRUCache({ max: maxEstimates });
    if (key !== undefined) this.#byValues.set(key, estimate);
  }

  #indexOf(read: ReadonlySet<string>): number | undefined {
    const known = this.#readSets.findIndex(
      (names) => names.length === read.size && names.every((name) => read.has(name)),
    );
    if (known >= 0) return known;
    if (this.#readSets.length >= maxReadSets) return undefined;
    return this.#readSets.push([...read]) - 1;
  }
}

/** Undefined where an input object is among the values. */
function keyOf(readSet: number, names: readonly string[], variables: RawVariables): string | undefined {
  let key = String(readSet);
  for (const name of names) {
    const part = costKeyOf(Object.hasOwn(variables, name) ? variables[name] : undefined);
    if (part === undefined) return undefined;
    key += ` ${part}`;
  }
  return key;
}
