import { badUserInput, type DomainError } from "../core/domain-error.ts";
import type { KeyEncoding, RestKey } from "./key-encoding.ts";

export interface BatchLimits {
  /** Most keys that the API takes in one call. */
  readonly maxKeys: number;
  /** Characters of the URL that are left for the keys. */
  readonly maxLength: number;
}

export interface KeyBatches {
  readonly batches: readonly (readonly RestKey[])[];
  /** Keys that cannot be asked for, by their text. */
  readonly refused: ReadonlyMap<string, DomainError>;
}

/** Distinct keys in as few batches as the limits let them be, in their order. */
export function batchesOf(keys: readonly RestKey[], encoding: KeyEncoding, limits: BatchLimits): KeyBatches {
  const batches: RestKey[][] = [];
  const refused = new Map<string, DomainError>();
  let batch: RestKey[] = [];
  let length = encoding.fixedLength;
  for (const key of keys) {
    const keyLength = encoding.lengthOf(key);
    const expected = expectationOf(key) ?? encoding.refusalOf(key) ?? tooLong(encoding.fixedLength + keyLength, limits);
    if (expected !== undefined) {
      refused.set(String(key), badUserInput(`Expected ${expected}, got ${shown(key)}.`));
      continue;
    }
    if (batch.length === 0 || batch.length === limits.maxKeys || length + keyLength > limits.maxLength) {
      batch = [];
      batches.push(batch);
      length = encoding.fixedLength;
    }
    batch.push(key);
    length += keyLength;
  }
  return { batches, refused };
}

/** The fault of an invalid key; undefined for a valid one. A service may take a blank key for no filter. */
function expectationOf(key: RestKey): string | undefined {
  if (typeof key === "string") return key.trim() === "" ? "a key that is not blank" : undefined;
  const isExact = Number.isFinite(key) && (!Number.isInteger(key) || Number.isSafeInteger(key));
  return isExact ? undefined : "a number that is exact";
}

const tooLong = (length: number, { maxLength }: BatchLimits): string | undefined =>
  length > maxLength ? `a key that fits into a URL with ${maxLength} characters left` : undefined;

const shown = (key: RestKey): string => {
  const text = typeof key === "string" ? JSON.stringify(key) : String(key);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};
