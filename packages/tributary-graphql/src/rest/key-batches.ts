import { badUserInput, type DomainError } from "../core/domain-error.ts";
import type { KeyEncoding, RestKey } from "./key-encoding.ts";

export interface BatchLimits {
  /** The maximum number of keys per call. */
  readonly maxKeys: number;
  /** The number of characters that the URL has left for the keys. */
  readonly maxLength: number;
}

export interface KeyBatches {
  readonly batches: readonly (readonly RestKey[])[];
  /** The errors of invalid keys, by key as text. */
  readonly refused: ReadonlyMap<string, DomainError>;
}

/** Splits distinct keys into as few batches as the limits allow, in order. */
export function batchesOf(keys: readonly RestKey[], encoding: KeyEncoding, limits: BatchLimits): KeyBatches {
  const batches: RestKey[][] = [];
  const refused = new Map<string, DomainError>();
  let batch: RestKey[] = [];
  let length = encoding.fixedLength;
  for (const key of keys) {
    const keyLength = encoding.lengthOf(key);
    const expected =
      expectationOf(key) ?? encoding.refusalOf(key) ?? lengthExpectation(encoding.fixedLength + keyLength, limits);
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

/**
 * The expectation that a key does not meet; undefined for a valid key. A service may treat a blank key as no filter.
 */
function expectationOf(key: RestKey): string | undefined {
  if (typeof key === "string") return key.trim() === "" ? "a key that is not blank" : undefined;
  const isExact = Number.isFinite(key) && (!Number.isInteger(key) || Number.isSafeInteger(key));
  return isExact ? undefined : "an exact number";
}

const lengthExpectation = (length: number, { maxLength }: BatchLimits): string | undefined =>
  length > maxLength ? `a key that fits into the ${maxLength} characters that the URL has left` : undefined;

const shown = (key: RestKey): string => {
  const text = typeof key === "string" ? JSON.stringify(key) : String(key);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};
