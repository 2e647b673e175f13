import type { CallOrigin, Resolver } from "./call-origin.ts";
import type { ObservedCall } from "./held-call-log.ts";

/** `once`, `4 times` */
export const times = (count: number): string => (count === 1 ? "once" : `${count} times`);

/**
 * `Country.weather, resolved by weatherOf (resolvers/weather.ts:12)`. A resolver without a name of its own stands in
 * the schema, maybe for many fields, as that of every connection's `nodes` does: then the field above is told, which
 * decided what they are, or else the place in the answer.
 */
export function originWords(origin: CallOrigin | undefined): string {
  if (!origin) return "something outside of a field's resolver";
  const { coordinate, path, resolver, parent } = origin;
  if (isNamed(resolver)) return `${coordinate}, ${resolverWords(resolver)}`;
  if (parent && isNamed(parent.resolver)) {
    return `${coordinate} of ${parent.coordinate}, ${resolverWords(parent.resolver)}`;
  }
  const place = `${coordinate} at ${path.join(".")}`;
  return resolver.location === undefined ? place : `${place}, resolved in ${resolver.location}`;
}

const isNamed = ({ name, location }: Resolver): boolean => location !== undefined && name !== "" && name !== "resolve";

const resolverWords = ({ name, location }: Resolver): string => `resolved by ${name} (${location})`;

/** Each distinct origin of these calls once, in the order of the calls. */
export const originsOf = (calls: readonly ObservedCall[]): string[] => [
  ...new Set(calls.map(({ origin }) => originWords(origin))),
];

/** A chain, one line per call: `1. countries.countries, by Query.countries, resolved by …` */
export const chainLines = (chain: readonly ObservedCall[]): string[] =>
  chain.map(({ name, origin }, index) => `${index + 1}. ${name}, by ${originWords(origin)}`);
