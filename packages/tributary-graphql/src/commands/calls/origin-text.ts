import type { CallOrigin, Resolver } from "./call-origin.ts";
import type { ObservedCall } from "./lockstep-call-log.ts";

/** `once`, `4 times` */
export const times = (count: number): string => (count === 1 ? "once" : `${count} times`);

/**
 * `Country.weather, resolved by weatherOf (resolvers/weather.ts:12)`. An anonymous resolver may serve many fields, such as
 * the `nodes` of all connections. Then the text names the parent field, or else the response path.
 */
export function originText(origin: CallOrigin | undefined): string {
  if (!origin) return "code outside of a resolver";
  const { coordinate, path, resolver, parent } = origin;
  if (isNamed(resolver)) return `${coordinate}, ${resolverText(resolver)}`;
  if (parent && isNamed(parent.resolver)) {
    return `${coordinate} of ${parent.coordinate}, ${resolverText(parent.resolver)}`;
  }
  const position = `${coordinate} at ${path.join(".")}`;
  return resolver.location === undefined ? position : `${position}, resolved in ${resolver.location}`;
}

const isNamed = ({ name, location }: Resolver): boolean => location !== undefined && name !== "" && name !== "resolve";

const resolverText = ({ name, location }: Resolver): string => `resolved by ${name} (${location})`;

/** The distinct origins of these calls, in the order of the calls. */
export const originsOf = (calls: readonly ObservedCall[]): string[] => [
  ...new Set(calls.map(({ origin }) => originText(origin))),
];

/** A chain with one line per call: `1. countries.countries, by Query.countries, resolved by …` */
export const chainLines = (chain: readonly ObservedCall[]): string[] =>
  chain.map(({ name, origin }, index) => `${index + 1}. ${name}, by ${originText(origin)}`);
