import { type DocumentNode, Kind, print, visit } from "graphql";
import type { CheckedDocuments } from "../security/checked-documents.ts";
import type { CallBudget } from "./call-budget.ts";

interface Budgeted {
  readonly text: string;
  readonly budget: CallBudget | undefined;
}

/**
 * Finds the budget of documents without one: that of a document that differs only in form, as clients print it, in the order
 * of its definitions, or in `__typename`, which calls no source.
 */
export function budgetsByMeaning(
  all: readonly Budgeted[],
  documents: CheckedDocuments,
): (document: Budgeted) => CallBudget | undefined {
  if (all.every(({ budget }) => budget !== undefined)) return () => undefined;
  const meaningOf = ({ text }: Budgeted) => printedMeaning(documents.parse(text).document);
  const budgets = new Map<string, CallBudget>();
  for (const document of all) if (document.budget) budgets.set(meaningOf(document), document.budget);
  return (document) => (budgets.size === 0 ? undefined : budgets.get(meaningOf(document)));
}

function printedMeaning(document: DocumentNode): string {
  const bare = visit(document, {
    [Kind.FIELD]: ({ name, alias, directives = [] }) =>
      name.value === "__typename" && alias === undefined && directives.length === 0 ? null : undefined,
  });
  return bare.definitions.map(print).sort().join("\n");
}
