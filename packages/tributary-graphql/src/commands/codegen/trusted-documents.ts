import { createHash } from "node:crypto";
import { type DocumentNode, Kind, type OperationDefinitionNode } from "graphql";
import type { CallBudget } from "../../gateway/trusted-documents/call-budget.ts";
import type { CallRecord } from "../calls/record.ts";
import { clientTexts } from "./client-texts.ts";

/**
 * The manifest of trusted documents as text: each operation with the calls that were recorded of it, and its texts by their
 * SHA-256, in each of the forms in which Apollo Client, urql and plain clients send them.
 */
export function printTrustedDocuments(documents: readonly DocumentNode[], record: CallRecord): string {
  const entries = documents.map((document) => {
    const { name, operation: type } = operationOf(document);
    const operationName = name?.value ?? "";
    const budget = budgetOf(operationName, record);
    const texts = clientTexts(document).map((text) => [sha256(text), text]);
    return [operationName, { type, ...(budget && { budget }), documents: Object.fromEntries(texts) }] as const;
  });
  entries.sort(([one], [other]) => (one < other ? -1 : 1));
  return `${JSON.stringify({ version: 1, operations: Object.fromEntries(entries) }, null, 2)}\n`;
}

function operationOf({ definitions }: DocumentNode): OperationDefinitionNode {
  const operation = definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (operation === undefined) throw new TypeError("A typed document has no operation.");
  return operation;
}

/** Without the calls that may be made more often for more keys: their number follows from the data. */
function budgetOf(name: string, { operations, keysPerCall }: CallRecord): CallBudget | undefined {
  const recorded = operations[name];
  if (recorded === undefined) return undefined;
  const perKey: Record<string, number> = {};
  const sources: Record<string, number> = { ...recorded.sources };
  for (const [call, count] of Object.entries(recorded.calls)) {
    const limit = keysPerCall[call];
    if (limit === undefined) continue;
    perKey[call] = limit.keys;
    const source = call.slice(0, call.indexOf("."));
    sources[source] = (sources[source] ?? 0) - count;
  }
  const counted = Object.entries(sources).filter(([, count]) => count > 0);
  return {
    sources: Object.fromEntries(counted),
    ...(Object.keys(perKey).length > 0 && { perKey }),
    chain: recorded.chain.length,
  };
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
