import { buildSchema, type GraphQLSchema } from "graphql";
import { CallLog } from "../../../../src/core/call-log.ts";
import { costDirectives } from "../../../../src/core/cost-directives.ts";
import { CostEstimator } from "../../../../src/gateway/cost/cost-estimator.ts";
import { defaultLimits } from "../../../../src/gateway/limits.ts";
import { ParsedDocument } from "../../../../src/gateway/security/checked-documents.ts";
import { parseDocument } from "../../../../src/gateway/security/parse-document.ts";

/** Limits that let every document through, so that only the estimate bounds it. */
export const noLimits = {
  ...defaultLimits,
  operationFields: Number.POSITIVE_INFINITY,
  operationAliases: Number.POSITIVE_INFINITY,
  rootFields: Number.POSITIVE_INFINITY,
  documentFragments: 1e6,
  documentNesting: 1e6,
  documentTokens: 1e6,
};

export type Variables = Readonly<Record<string, unknown>>;

/** Estimates the only operation of a document. */
export function estimatorOf(schema: GraphQLSchema | string) {
  const built = typeof schema === "string" ? buildSchema(`${costDirectives} ${schema}`) : schema;
  const estimator = new CostEstimator(built, undefined);
  const documents = new Map<string, ParsedDocument>();
  return (query: string, variables: Variables = {}): number => {
    const parsed = documents.get(query) ?? new ParsedDocument(query, parseDocument(query, noLimits));
    documents.set(query, parsed);
    const operation = parsed.operation(undefined);
    if (operation === undefined) throw new Error("Expected a document with one operation.");
    return estimator.costOf(parsed, operation, variables, new CallLog()).estimate;
  };
}
