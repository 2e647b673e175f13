import type { GraphQLFieldResolver } from "graphql";

type Resolver = GraphQLFieldResolver<unknown, unknown>;

const known = new WeakMap<Resolver, number>();

/**
 * How many of its parameters a resolver can see: what it cannot see need not be made. An arrow function has no
 * `arguments`, so that one with plain parameters, or flatly taken apart ones, sees just those that it names; of any other
 * function, a wrapper's for one, nothing is known, and it may see all. Counted in its text: its `length` can be changed.
 */
export function observedParameters(resolve: Resolver): number {
  let count = known.get(resolve);
  if (count === undefined) {
    const list = plainArrow.exec(Function.prototype.toString.call(resolve));
    count = list === null ? Number.POSITIVE_INFINITY : [...(list[1] ?? list[2] ?? "").matchAll(anyParameter)].length;
    known.set(resolve, count);
  }
  return count;
}

const parameter = String.raw`(?:[\w$]+|\{[\w$\s,:]*\})`;
const anyParameter = new RegExp(parameter, "g");
const plainArrow = new RegExp(
  String.raw`^(?:async\s*)?(?:\(\s*((?:${parameter}(?:\s*,\s*${parameter})*\s*,?\s*)?)\)|(?!async\b)([\w$]+))\s*=>`,
);
