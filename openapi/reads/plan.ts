import { type Answer, type Operation, readOperations } from "../document/operations.ts";
import type { Place } from "../document/place.ts";
import type { DeclaredSchemas } from "../schema/declared-schemas.ts";
import { camelCase, pascalCase, UniqueNames } from "../schema/identifiers.ts";
import { type Shape, unknownShape } from "../schema/shape.ts";
import { type Arguments, argumentsOf } from "./arguments.ts";
import { type BatchProposal, plainWord, proposeBatches } from "./batch.ts";
import { bareShape, type Rows, rowsOf } from "./fields.ts";
import { keyParametersOf } from "./key-parameter.ts";
import { type Paging, pagingOf } from "./paging.ts";

/** One line of the reads. */
export interface PlannedRead {
  readonly operation: Operation;
  readonly name: string;
  /** The name of the body's schema. */
  readonly body: string;
  readonly arguments: Arguments;
  readonly pages: { readonly paging: Paging; readonly rows: Rows } | undefined;
}

export interface PlannedBatch {
  readonly operation: Operation;
  readonly name: string;
  readonly body: string;
  readonly proposal: BatchProposal;
  /** The read that gives one of the rows, if there is one: both must agree. */
  readonly twin: PlannedRead | undefined;
}

export interface Plan {
  readonly reads: readonly PlannedRead[];
  readonly batches: readonly PlannedBatch[];
  readonly leftOut: readonly Remark[];
  readonly notes: readonly Remark[];
}

/** Something to know of an operation, in words that fit after its name. */
export interface Remark {
  readonly operation: Operation;
  readonly words: string;
}

interface Readable {
  readonly operation: Operation;
  readonly shape: Shape;
  readonly body: string;
}

/** What can be read of a document: every GET that answers with JSON, and every batch that the document suggests. */
export function planReads(
  document: Place,
  schemas: DeclaredSchemas,
  isWanted: (operation: Operation) => boolean,
): Plan {
  const wanted = readOperations(document).filter(isWanted);
  const leftOut: Remark[] = [];
  const notes: Remark[] = [];
  const reads: PlannedRead[] = [];
  const batches: PlannedBatch[] = [];
  const names = new UniqueNames();
  for (const operation of wanted.filter(({ method }) => method === "get")) {
    const refusal = typeof operation.answer === "string" ? operation.answer : argumentsOf(operation, new Set()).refusal;
    if (refusal !== undefined) leftOut.push({ operation, words: refusal });
    else reads.push(planRead(readable(operation, schemas), schemas, names));
  }
  for (const operation of wanted.filter(({ method }) => method === "get" || method === "post")) {
    if (typeof operation.answer === "string") continue;
    const found = planBatches(operation, reads, schemas, names);
    batches.push(...found.batches);
    notes.push(...found.refusals.map((words) => ({ operation, words })));
  }
  const batched = new Set(batches.map(({ operation }) => operation));
  const writes = wanted.filter((operation) => operation.method !== "get" && !batched.has(operation));
  leftOut.push(...writes.map((operation) => ({ operation, words: "it is no read" })));
  notes.push(...reads.flatMap(({ operation, arguments: { notes } }) => notes.map((words) => ({ operation, words }))));
  return { reads, batches, leftOut, notes };
}

function readable(operation: Operation, schemas: DeclaredSchemas): Readable {
  const { schema } = operation.answer as Answer;
  const shape = schema ? schemas.read(schema) : unknownShape;
  return { operation, shape, body: schemas.declare(bodyName(operation, shape), shape) };
}

const bodyName = ({ name }: Operation, shape: Shape): string =>
  shape.kind === "array" && shape.item.kind === "named" ? `${shape.item.name}List` : pascalCase(`${name}Answer`);

function planRead({ operation, shape, body }: Readable, schemas: DeclaredSchemas, names: UniqueNames): PlannedRead {
  const rows = rowsOf(shape, schemas.shapeOf);
  const paging = rows && pagingOf(operation, shape, schemas.shapeOf);
  const pages = rows && paging ? { rows, paging } : undefined;
  const parameters = argumentsOf(operation, paging?.parameters ?? new Set());
  return { operation, name: names.take(operation.name), body, arguments: parameters, pages };
}

function planBatches(
  operation: Operation,
  reads: readonly PlannedRead[],
  schemas: DeclaredSchemas,
  names: UniqueNames,
): { batches: PlannedBatch[]; refusals: readonly string[] } {
  const known = reads.find((read) => read.operation === operation);
  const { schema } = operation.answer as Answer;
  // The schemas of a POST are declared only where it looks like a batch.
  const isPosted = known === undefined && operation.method === "post" && keyParametersOf(operation).length > 0;
  const shape = known ? schemas.shapeOf(known.body) : isPosted && schema ? schemas.read(schema) : undefined;
  if (shape === undefined) return { batches: [], refusals: [] };
  const item = rowsOf(shape, schemas.shapeOf)?.item;
  const twins = item ? reads.filter((read) => isTwin(read, item, schemas)) : [];
  const keys = new Set(twins.flatMap((twin) => twin.arguments.path.map(({ parameter }) => plainWord(parameter.name))));
  const { proposals, refusals } = proposeBatches(operation, shape, keys, schemas.shapeOf);
  const batches = proposals.map((proposal) => ({
    operation,
    name: names.take(batchName(operation, proposal)),
    body: known?.body ?? schemas.declare(bodyName(operation, shape), shape),
    proposal,
    twin: proposal.reader === "oneByKey" ? twins[0] : undefined,
  }));
  return { batches, refusals };
}

function batchName({ path }: Operation, { keyParameter, keyField }: BatchProposal): string {
  const thing = path.split("/").findLast((part) => part !== "" && !part.startsWith("{")) ?? "rows";
  const key = keyParameter.name || keyField;
  return camelCase(plainWord(thing).endsWith(`by${plainWord(key)}`) ? thing : `${thing} by ${key}`);
}

/** A read of one of the rows by one value in its path. */
function isTwin(read: PlannedRead, item: Shape, schemas: DeclaredSchemas): boolean {
  const { arguments: parameters, operation, pages } = read;
  if (pages || parameters.path.length !== 1 || !operation.path.endsWith("}")) return false;
  if (parameters.query.some(({ parameter }) => parameter.isRequired)) return false;
  const shape = schemas.shapeOf(read.body);
  return shape !== undefined && bareShape(shape, schemas.shapeOf) === bareShape(item, schemas.shapeOf);
}
