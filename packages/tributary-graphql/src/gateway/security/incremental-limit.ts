import { GraphQLError, Kind, type SelectionSetNode, type ValidatedExecutionArgs } from "graphql";
import { isIncremental } from "../execution/incremental-directives.ts";
import type { RequestLimits } from "../limits.ts";
import { refusal } from "./refusal.ts";

type Fragments = ValidatedExecutionArgs["fragments"];

/** The refusal of an operation with too many @defer and @stream; undefined for any other one. */
export function tooManyIncrementalDirectives(
  { operation, fragments }: Pick<ValidatedExecutionArgs, "operation" | "fragments">,
  { incrementalDirectives }: RequestLimits,
): GraphQLError | undefined {
  const count = countIncremental(operation.selectionSet, fragments, new Map());
  if (count <= incrementalDirectives) return undefined;
  const came = Number.isSafeInteger(count) ? count : "very many";
  return refusal(
    "LIMIT_EXCEEDED",
    `The operation has ${came} @defer and @stream, its fragments counted wherever they are spread; at most ${incrementalDirectives} are allowed.`,
    { status: 400, isDocumentFault: true },
  );
}

/** Ends a stream: how many items of a list defer something is known only while it is executed. */
export const tooManyPendingParts = (maxParts: number): GraphQLError =>
  new GraphQLError(
    `The operation has more than ${maxParts} deferred fragments and streamed lists pending at the same time. ` +
      "Ask for shorter lists, or defer around the list instead of in each item.",
    { extensions: { code: "LIMIT_EXCEEDED" } },
  );

/** Memoized per fragment: fragments that spread others twice would take exponential time. */
function countIncremental({ selections }: SelectionSetNode, fragments: Fragments, known: Map<string, number>): number {
  let count = 0;
  for (const selection of selections) {
    count += selection.directives?.filter(isIncremental).length ?? 0;
    if (selection.kind === Kind.FRAGMENT_SPREAD) count += countFragment(selection.name.value, fragments, known);
    else if (selection.selectionSet) count += countIncremental(selection.selectionSet, fragments, known);
  }
  return count;
}

function countFragment(name: string, fragments: Fragments, known: Map<string, number>): number {
  const fragment = fragments[name];
  if (!fragment) return 0;
  const count = known.get(name) ?? countIncremental(fragment.definition.selectionSet, fragments, known);
  known.set(name, count);
  return count;
}
