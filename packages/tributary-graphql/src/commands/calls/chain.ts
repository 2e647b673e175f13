import type { ObservedCall } from "./lockstep-call-log.ts";

/** The length of the longest chain: of calls in which each waits for the result of the one before. */
export const chainLength = (calls: readonly ObservedCall[]): number => Math.max(0, ...calls.map(({ step }) => step));

/** The longest chain, in order. If there are several, the one whose last call has the first name in alphabetical order. */
export function longestChain(calls: readonly ObservedCall[]): ObservedCall[] {
  const length = chainLength(calls);
  const ends = calls.filter(({ step }) => step === length).sort((one, other) => (one.name < other.name ? -1 : 1));
  const chain: ObservedCall[] = [];
  for (let call = ends[0]; call; call = call.after) chain.unshift(call);
  return chain;
}
