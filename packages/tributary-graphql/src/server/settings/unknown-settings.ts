import type { Environment } from "./setting.ts";

/**
 * A line for each variable that is probably meant as one of these settings and is none: with the first word of a setting,
 * or one letter from one.
 */
export function unknownSettings(names: readonly string[], environment: Environment): readonly string[] {
  return Object.keys(environment).flatMap((name) => {
    if (names.includes(name)) return [];
    const meant = names.find((known) => isNear(name.toUpperCase(), known));
    if (meant !== undefined) return [`${name} is not a setting: did you mean ${meant}?`];
    if (isOfOthers(name)) return [];
    const relatives = names.filter((known) => known.startsWith(`${firstWord(name)}_`) && name.includes("_"));
    return relatives.length > 0 ? [`${name} is not a setting: there is ${listed(relatives)}.`] : [];
  });
}

const firstWord = (name: string): string => name.split("_", 1)[0] ?? "";

const listed = (all: readonly string[]): string => new Intl.ListFormat("en", { type: "conjunction" }).format(all);

/** Node's own, and those that Kubernetes sets for each service of its cluster. */
const isOfOthers = (name: string): boolean =>
  name.startsWith("NODE_") || /_(?:SERVICE_(?:HOST|PORT)(?:_\w+)?|PORT(?:_\d+_(?:TCP|UDP)(?:_\w+)?)?)$/.test(name);

/** Whether the texts are equal, or one letter is missing, added or another, or two stand the other way round. */
function isNear(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  const restA = a.slice(start);
  const restB = b.slice(start);
  const isSwapped = restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2);
  const isAnother = restA.slice(1) === restB.slice(1);
  return isAnother || restA === restB.slice(1) || restA.slice(1) === restB || isSwapped;
}
