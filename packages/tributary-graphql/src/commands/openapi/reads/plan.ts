import { CommandError } from "../../command-error.ts";
import type { Answer } from "../document/answer.ts";
import type { DocumentLocation } from "../document/location.ts";
import { type OddOperation, type Operation, readOperations } from "../document/operations.ts";
import { endsWithValue } from "../document/path-template.ts";
import type { DeclaredSchemas } from "../schema/declared-schemas.ts";
import { camelCase, pascalCase, UniqueNames } from "../schema/identifiers.ts";
import { type Shape, unionOf, unknownShape } from "../schema/shape.ts";
import { type Arguments, argumentsOf } from "./arguments.ts";
import { type BatchProposal, plainWord, proposeBatches } from "./batch.ts";
import { bareShape, type Rows, rowsOf } from "./fields.ts";
import { keyParametersOf } from "./key-parameter.ts";
import { type Paging, pagingOf } from "./paging.ts";
import { baseUrlsOf, type Server, serverOf } from "./service.ts";

/** One line of the reads. */
export interface PlannedRead {
  readonly operation: Operation;
  readonly name: string;
  /** The name of the body's schema. */
  readonly body: string;
  readonly arguments: Arguments;
  /** The name of the interface of what it is asked with; undefined where that is one value, or nothing. */
  readonly argumentType: string | undefined;
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
  readonly server: Server;
  /** The header `accept`, where it is not `application/json`. */
  readonly accept: string | undefined;
}

/** How an operation is called. */
export type OperationName = Pick<Operation, "method" | "path" | "id">;

/** Something to know of an operation, in words that fit after its name. */
export interface Remark {
  readonly operation: OperationName;
  readonly words: string;
}

export interface PlanOptions {
  readonly schemas: DeclaredSchemas;
  /** The names of the file's top level. */
  readonly names: UniqueNames;
  readonly isWanted: (operation: OperationName) => boolean;
  /** Where the document came from. */
  readonly location: string;
}

/** The reads of a document: every GET that answers with JSON, and every batch that the document suggests. */
export function planReads(document: DocumentLocation, options: PlanOptions): Plan {
  const wanted = readOperations(document).filter(options.isWanted);
  const odd = wanted.filter(isOdd);
  const operations = wanted.filter((operation): operation is Operation => !isOdd(operation));
  const servers = chooseServer(document, operations, options.location);
  const planner = new Planner(options);
  for (const operation of operations.filter(({ method }) => method === "get")) {
    planner.planRead(operation, servers.refusalOf(operation));
  }
  for (const operation of operations.filter(({ method }) => method === "get" || method === "post")) {
    if (typeof operation.answer !== "string" && servers.refusalOf(operation) === undefined)
      planner.planBatches(operation);
  }
  const { reads, batches, leftOut, notes } = planner;
  const batched = new Set(batches.map(({ operation }) => operation));
  const writes = operations.filter((operation) => operation.method !== "get" && !batched.has(operation));
  return {
    reads,
    batches,
    leftOut: [
      ...odd.map((operation) => ({ operation, words: operation.fault })),
      ...leftOut,
      ...writes.map((operation) => ({ operation, words: "it is no read" })),
    ],
    notes: [
      ...notes,
      ...reads.flatMap(({ operation, arguments: { notes: own } }) => own.map((words) => ({ operation, words }))),
    ],
    server: servers.server,
    accept: acceptOf([...reads, ...batches].map(({ operation }) => operation)),
  };
}

const isOdd = (operation: Operation | OddOperation): operation is OddOperation => "fault" in operation;

interface Servers {
  readonly server: Server;
  /** Why an operation is not of this service. */
  refusalOf(operation: Operation): string | undefined;
}

/** The document's own server; where every read has another, that of the first. A service has one base URL. */
function chooseServer(document: DocumentLocation, operations: readonly Operation[], location: string): Servers {
  const own = document.at("servers");
  const reads = operations.filter(({ method, answer }) => method === "get" && typeof answer !== "string");
  const [first] = reads;
  const isElsewhere = first !== undefined && reads.every(({ servers }) => servers !== undefined);
  const server = serverOf(isElsewhere ? first.servers : own, location);
  return {
    server,
    refusalOf: ({ servers }) => {
      const others = baseUrlsOf(servers ?? own, location);
      if (others.length === 0 || server.baseUrl === undefined || others.includes(server.baseUrl)) return undefined;
      return `it is at ${others[0]}, another server: make a service of its own of it, by --only`;
    },
  };
}

function acceptOf(operations: readonly Operation[]): string | undefined {
  const types = operations.flatMap(({ answer }) =>
    typeof answer === "string" || answer.media.includes("*") ? [] : [answer.media],
  );
  const others = [...new Set(types)].filter((type) => type !== "application/json").sort();
  return others.length === 0 ? undefined : ["application/json", ...others].join(", ");
}

/** Plans one operation after the other. */
class Planner {
  readonly reads: PlannedRead[] = [];
  readonly batches: PlannedBatch[] = [];
  readonly leftOut: Remark[] = [];
  readonly notes: Remark[] = [];
  readonly #schemas: DeclaredSchemas;
  readonly #fileNames: UniqueNames;
  /** The names of the reads. */
  readonly #names = new UniqueNames();

  constructor({ schemas, names }: PlanOptions) {
    this.#schemas = schemas;
    this.#fileNames = names;
  }

  planRead(operation: Operation, otherServer: string | undefined): void {
    const { answer } = operation;
    const refusal = typeof answer === "string" ? answer : (argumentsOf(operation, new Set()).refusal ?? otherServer);
    if (refusal !== undefined || typeof answer === "string") {
      this.leftOut.push({ operation, words: refusal ?? "" });
      return;
    }
    const read = this.#schemas.attempt(() => this.#readBody(operation, answer));
    if (read instanceof CommandError) this.leftOut.push({ operation, words: read.message });
    else this.reads.push(this.#plannedRead(operation, read));
  }

  planBatches(operation: Operation): void {
    const { answer } = operation;
    const known = this.reads.find((read) => read.operation === operation);
    // The schemas of a POST are declared only where it looks like a batch.
    const isPosted = operation.method === "post" && keyParametersOf(operation).length > 0;
    if (typeof answer === "string" || (known === undefined && !isPosted)) return;
    const found = known
      ? { shape: this.#schemas.shapeOf(known.body) ?? unknownShape, body: known.body }
      : this.#schemas.attempt(() => this.#postedBatch(operation, answer));
    if (found instanceof CommandError || found === undefined) return;
    const item = rowsOf(found.shape, this.#schemas.shapeOf)?.item;
    const twins = item ? this.reads.filter((read) => isTwin(read, item, this.#schemas)) : [];
    const { proposals, refusals } = this.#proposals(operation, found.shape, twins);
    this.notes.push(...refusals.map((words) => ({ operation, words })));
    for (const proposal of proposals) {
      const twin = proposal.reader === "oneByKey" ? twins[0] : undefined;
      this.batches.push({ operation, name: this.#batchName(operation, proposal), body: found.body, proposal, twin });
    }
  }

  /** The body of a POST, which is declared only if a batch comes of it. */
  #postedBatch(operation: Operation, answer: Answer): { shape: Shape; body: string } | undefined {
    const { shape, body } = this.#readBody(operation, answer);
    return this.#proposals(operation, shape, []).proposals.length > 0 ? { shape, body } : undefined;
  }

  #proposals(operation: Operation, shape: Shape, twins: readonly PlannedRead[]) {
    const keys = new Set(
      twins.flatMap((twin) => twin.arguments.path.map(({ parameter }) => plainWord(parameter.name))),
    );
    return proposeBatches(operation, shape, keys, this.#schemas.shapeOf);
  }

  #readBody(operation: Operation, { schemas }: Answer): { shape: Shape; body: string } {
    const shape = schemas.length === 0 ? unknownShape : unionOf(schemas.map((schema) => this.#schemas.read(schema)));
    return { shape, body: this.#schemas.declare(bodyName(operation, shape), shape) };
  }

  #plannedRead(operation: Operation, { shape, body }: { shape: Shape; body: string }): PlannedRead {
    const rows = rowsOf(shape, this.#schemas.shapeOf);
    const paging = rows && pagingOf(operation, shape, rows, this.#schemas.shapeOf);
    const parameters = argumentsOf(operation, paging?.parameters ?? new Set());
    const name = this.#names.take(operation.name);
    return {
      operation,
      name,
      body,
      arguments: parameters,
      argumentType: isPlainKey(parameters) ? undefined : this.#fileNames.take(`${pascalCase(name)}Query`),
      pages: rows && paging ? { rows, paging } : undefined,
    };
  }

  #batchName({ template: { path } }: Operation, { keyParameter, keyField }: BatchProposal): string {
    const thing = path.split("/").findLast((part) => part !== "" && !part.startsWith("{")) ?? "rows";
    const key = keyParameter.name || keyField;
    const wanted = camelCase(plainWord(thing).endsWith(`by${plainWord(key)}`) ? thing : `${thing} by ${key}`);
    // It is a constant of the file, and one of the reads.
    let name = this.#fileNames.take(wanted);
    while (this.#names.has(name)) name = this.#fileNames.take(wanted);
    return this.#names.take(name);
  }
}

const isPlainKey = ({ path, query }: Arguments): boolean => query.length === 0 && path.length <= 1;

const bodyName = ({ name }: Operation, shape: Shape): string =>
  shape.kind === "array" && shape.item.kind === "named" ? `${shape.item.name}List` : pascalCase(`${name}Answer`);

/** A read of one of the rows by one value in its path. */
function isTwin(read: PlannedRead, item: Shape, schemas: DeclaredSchemas): boolean {
  const { arguments: parameters, operation, pages } = read;
  if (pages || parameters.path.length !== 1 || !endsWithValue(operation.template.path)) return false;
  if (operation.template.query.length > 0 || parameters.path[0]?.type.startsWith("readonly ")) return false;
  if (parameters.query.some(({ parameter }) => parameter.isRequired)) return false;
  const shape = schemas.shapeOf(read.body);
  return shape !== undefined && bareShape(shape, schemas.shapeOf) === bareShape(item, schemas.shapeOf);
}
