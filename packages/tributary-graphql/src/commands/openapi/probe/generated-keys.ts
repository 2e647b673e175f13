import type { RestKey } from "../../../rest/reads.ts";

/** Generates distinct keys in the format of `like` that probably do not exist. None of them is one of `known`. */
export function generateKeys(like: RestKey, count: number, known: readonly RestKey[]): RestKey[] {
  const taken = new Set(known.map(String));
  const keys: RestKey[] = [];
  for (let number = 0; keys.length < count; number++) {
    const key = generatedKey(like, number);
    if (taken.has(String(key))) continue;
    taken.add(String(key));
    keys.push(key);
  }
  return keys;
}

/** Below 2^31, so that services do not refuse it for its size. */
const firstNumber = 2_000_000_000;

function generatedKey(like: RestKey, number: number): RestKey {
  if (typeof like === "number") return firstNumber + number;
  if (/^\d+$/.test(like)) return String(firstNumber + number);
  if (/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(like)) {
    return `ffffffff-ffff-4fff-bfff-${number.toString(16).padStart(12, "0")}`;
  }
  return generatedText(like, number);
}

/** A text in the case of `like`: `ZZ`, `ZY`, …. It is longer than `like` only if there are too few texts of its length. */
function generatedText(like: string, number: number): string {
  const letters = like === like.toUpperCase() ? "ZYXWVUTSRQPONMLKJIHGFEDCBA" : "zyxwvutsrqponmlkjihgfedcba";
  let rest = number;
  let text = "";
  while (text.length < like.length || rest > 0) {
    text = (letters[rest % letters.length] ?? "") + text;
    rest = Math.floor(rest / letters.length);
  }
  return text;
}
