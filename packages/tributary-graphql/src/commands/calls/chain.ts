import type { ObservedCall } from "./held-call-log.ts";

/** How many calls wait for each other, one after the other, before the last answer is there. */
export const chainLength = (calls: readonly ObservedCall[]): number => Math.max(0, ...calls.map(({ step }) => step));

/** One of the longest chains, first call first: of several, the one whose last call comes first by name. */
export function longestChain(calls: readonly ObservedCall[]): ObservedCall[] {
  const length = chainLength(calls);
  const ends = calls.filter(({ step }) => step === length).sort((one, other) => (one.name < other.name ? -1 : 1));
  const chain: ObservedCall[] = [];
  for (let call = ends[0]; call; call = call.after) chain.unshift(call);
  return chain;
}
