import type { GraphQLError } from "graphql";
import type { RequestLimits } from "../limits.ts";
import { refusal } from "./refusal.ts";

/**
 * Refuses variables with too many values, or that nest too deep: a JSON text of a megabyte can have 500,000 of either. Literal
 * values are bounded by the tokens and the nesting of the document.
 *
 * @throws GraphQLError `LIMIT_EXCEEDED`
 */
export function assertSmallVariables(
  variables: Readonly<Record<string, unknown>>,
  { variableValues, variableNesting }: RequestLimits,
): void {
  let values = 0;
  let containers: object[] = [variables];
  for (let nesting = 0; containers.length > 0; nesting++) {
    if (nesting > variableNesting) throw tooLarge(`nest deeper than ${variableNesting}, the deepest that is allowed`);
    const within: object[] = [];
    for (const container of containers) {
      for (const value of Object.values(container)) {
        values++;
        if (typeof value === "object" && value !== null) within.push(value);
      }
      if (values > variableValues) throw tooLarge(`have more than ${variableValues} values, the most that is allowed`);
    }
    containers = within;
  }
}

const tooLarge = (fault: string): GraphQLError =>
  refusal("LIMIT_EXCEEDED", `The variables ${fault}. Send less in one operation.`, {
    status: 400,
    isDocumentFault: true,
  });
