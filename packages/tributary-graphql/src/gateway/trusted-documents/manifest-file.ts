import { readFileSync } from "node:fs";
import { describeValue } from "../../core/thrown-values.ts";
import { isRecord } from "../pipeline/operation-params.ts";
import type { CallBudget } from "./call-budget.ts";

/** A document as a manifest has it. */
export interface ManifestDocument {
  /** By which clients name it. */
  readonly id: string;
  readonly text: string;
  readonly budget: CallBudget | undefined;
}

/** A manifest that cannot be used. The message is one line, and names the file. */
export class TrustedDocumentsError extends Error {
  override readonly name = "TrustedDocumentsError";
}

/** @throws TrustedDocumentsError for a file that cannot be read, or is no manifest */
export function readManifest(file: string | URL): ManifestDocument[] {
  const fault = (message: string) => new TrustedDocumentsError(`Trusted documents: ${file}: ${message}`);
  const content = jsonOf(textOf(file, fault), fault);
  if (!isRecord(content)) throw fault(`expected a JSON object, got ${describeValue(content)}.`);
  if (content.format === apolloFormat) return documentsOfApollo(content, fault);
  if (isRecord(content.operations) && content.version !== undefined) return documentsOfCodegen(content, fault);
  return documentsById(content, undefined, fault);
}

type Fault = (message: string) => TrustedDocumentsError;

function textOf(file: string | URL, fault: Fault): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw fault(
      `the file cannot be read (${code}). Write it with \`npx tributary codegen\`, or name the right one in TRUSTED_DOCUMENT_FILES.`,
    );
  }
}

function jsonOf(text: string, fault: Fault): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw fault(`it is not valid JSON: ${(error as Error).message}`);
  }
}

/** Documents by their ids. */
function documentsById(
  documents: Readonly<Record<string, unknown>>,
  budget: CallBudget | undefined,
  fault: Fault,
): ManifestDocument[] {
  return Object.entries(documents).map(([id, text]) => {
    if (typeof text === "string") return { id, text, budget };
    throw fault(`expected the text of a document at ${JSON.stringify(id)}, got ${describeValue(text)}.`);
  });
}

/** As `tributary codegen` writes it. */
function documentsOfCodegen(content: Readonly<Record<string, unknown>>, fault: Fault): ManifestDocument[] {
  if (content.version !== 1) throw fault(`expected version 1, got ${JSON.stringify(content.version)}.`);
  return Object.entries(content.operations as object).flatMap(([name, operation]: [string, unknown]) => {
    if (!isRecord(operation) || !isRecord(operation.documents))
      throw fault(`the operation ${name} has no documents. Write the file again with \`npx tributary codegen\`.`);
    return documentsById(operation.documents, budgetOf(name, operation.budget, fault), fault);
  });
}

function budgetOf(name: string, budget: unknown, fault: Fault): CallBudget | undefined {
  if (budget === undefined) return undefined;
  const { sources, chain, perKey = {} } = isRecord(budget) ? budget : {};
  const isValid = isCounts(sources) && isCount(chain) && isCounts(perKey);
  if (!isValid) throw fault(`the budget of ${name} is invalid. Write the file again with \`npx tributary codegen\`.`);
  return { sources, chain, perKey };
}

const isCounts = (value: unknown): value is Readonly<Record<string, number>> =>
  isRecord(value) && Object.values(value).every(isCount);

const isCount = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0;

const apolloFormat = "apollo-persisted-query-manifest";

function documentsOfApollo({ operations }: Readonly<Record<string, unknown>>, fault: Fault): ManifestDocument[] {
  if (!Array.isArray(operations)) throw fault(`expected a list of operations, got ${describeValue(operations)}.`);
  return operations.map((operation: unknown, index) => {
    const { id, body } = isRecord(operation) ? operation : {};
    if (typeof id !== "string" || typeof body !== "string")
      throw fault(`expected an id and a body of operations[${index}], got ${describeValue(operation)}.`);
    return { id, text: body, budget: undefined };
  });
}
