import type { Environment } from "./setting.ts";

/**
 * One line per variable that looks like a misspelling of these settings: it differs by one letter, or has the same first
 * word.
 */
export function unknownSettings(names: readonly string[], environment: Environment): readonly string[] {
  return Object.keys(environment).flatMap((name) => {
    if (names.includes(name)) return [];
    const meant = names.find((known) => isNear(name.toUpperCase(), known));
    if (meant !== undefined) return [`${name} is not a setting: did you mean ${meant}?`];
    if (isForeign(name)) return [];
    const relatives = names.filter((known) => known.startsWith(`${firstWord(name)}_`) && name.includes("_"));
    return relatives.length > 0 ? [`${name} is not a setting: there is ${listed(relatives)}.`] : [];
  });
}

const firstWord = (name: string): string => name.split("_", 1)[0] ?? "";

const listed = (all: readonly string[]): string => new Intl.ListFormat("en", { type: "conjunction" }).format(all);

/** Whether Node or Kubernetes defines the variable. Kubernetes sets several for each service of its cluster. */
const isForeign = (name: string): boolean =>
  name.startsWith("NODE_") || /_(?:SERVICE_(?:HOST|PORT)(?:_\w+)?|PORT(?:_\d+_(?:TCP|UDP)(?:_\w+)?)?)$/.test(name);

/** Whether the Damerau-Levenshtein distance is at most 1: a letter missing, added or replaced, or two swapped. */
function isNear(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  const restA = a.slice(start);
  const restB = b.slice(start);
  const isSwapped = restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2);
  const isReplaced = restA.slice(1) === restB.slice(1);
  return isReplaced || restA === restB.slice(1) || restA.slice(1) === restB || isSwapped;
}
