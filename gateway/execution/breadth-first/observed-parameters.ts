import type { GraphQLFieldResolver } from "graphql";

type Resolver = GraphQLFieldResolver<unknown, unknown>;

const known = new WeakMap<Resolver, number>();

/**
 * How many of its parameters a resolver can see: what it cannot see need not be made. An arrow function has no
 * `arguments`, so that one with plain parameters, or flatly taken apart ones, sees just those that it names; of any other
 * function, a wrapper's for one, nothing is known, and it may see all.
 */
export function observedParameters(resolve: Resolver): number {
  let count = known.get(resolve);
  if (count === undefined) {
    count = plainArrow.test(Function.prototype.toString.call(resolve)) ? resolve.length : Number.POSITIVE_INFINITY;
    known.set(resolve, count);
  }
  return count;
}

const parameter = String.raw`(?:[\w$]+|\{[\w$\s,:]*\})`;
const plainArrow = new RegExp(
  String.raw`^(?:async\s*)?(?:\(\s*(?:${parameter}(?:\s*,\s*${parameter})*\s*,?\s*)?\)|(?!async\b)[\w$]+)\s*=>`,
);
