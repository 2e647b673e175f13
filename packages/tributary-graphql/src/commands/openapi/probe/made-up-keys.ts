import type { RestKey } from "../../../rest/reads.ts";

/**
 * Keys that look like a real one and, as far as anyone can tell, belong to nothing. Distinct; none of them is one of
 * the `known`.
 */
export function madeUpKeys(like: RestKey, count: number, known: readonly RestKey[]): RestKey[] {
  const taken = new Set(known.map(String));
  const keys: RestKey[] = [];
  for (let number = 0; keys.length < count; number++) {
    const key = madeUpKey(like, number);
    if (taken.has(String(key))) continue;
    taken.add(String(key));
    keys.push(key);
  }
  return keys;
}

/** Below 2^31, so that no service has to refuse it for its size alone. */
const firstNumber = 2_000_000_000;

function madeUpKey(like: RestKey, number: number): RestKey {
  if (typeof like === "number") return firstNumber + number;
  if (/^\d+$/.test(like)) return String(firstNumber + number);
  if (/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(like)) {
    return `ffffffff-ffff-4fff-bfff-${number.toString(16).padStart(12, "0")}`;
  }
  return madeUpText(like, number);
}

/** As long as the real one while there are enough texts of that length: `ZZ`, `ZY`, …; in its case. */
function madeUpText(like: string, number: number): string {
  const letters = like === like.toUpperCase() ? "ZYXWVUTSRQPONMLKJIHGFEDCBA" : "zyxwvutsrqponmlkjihgfedcba";
  let rest = number;
  let text = "";
  while (text.length < like.length || rest > 0) {
    text = (letters[rest % letters.length] ?? "") + text;
    rest = Math.floor(rest / letters.length);
  }
  return text;
}
