import { CommandError } from "../../command-error.ts";
import type { JsonResponse } from "../document/json-response.ts";
import type { DocumentLocation } from "../document/location.ts";
import { type InvalidOperation, type Operation, readOperations } from "../document/operations.ts";
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

/** A read of one operation. */
export interface PlannedRead {
  readonly operation: Operation;
  readonly name: string;
  /** The name of the body's schema. */
  readonly body: string;
  readonly arguments: Arguments;
  /** The name of the interface of its argument. Undefined if it takes one key or none. */
  readonly argumentType: string | undefined;
  readonly pages: { readonly paging: Paging; readonly rows: Rows } | undefined;
}

export interface PlannedBatch {
  readonly operation: Operation;
  readonly name: string;
  readonly body: string;
  readonly proposal: BatchProposal;
  /** The read of one of the rows, if there is one. The probe compares both. */
  readonly single: PlannedRead | undefined;
}

export interface Plan {
  readonly reads: readonly PlannedRead[];
  readonly batches: readonly PlannedBatch[];
  readonly leftOut: readonly Remark[];
  readonly notes: readonly Remark[];
  readonly server: Server;
  /** The header `accept`, if it is not `application/json`. */
  readonly accept: string | undefined;
}

/** The names of an operation. */
export type OperationName = Pick<Operation, "method" | "path" | "id">;

/** A remark about an operation, for people. */
export interface Remark {
  readonly operation: OperationName;
  /** A clause after the name of the operation. */
  readonly message: string;
}

export interface PlanOptions {
  readonly schemas: DeclaredSchemas;
  /** The top-level names of the file. */
  readonly names: UniqueNames;
  readonly isWanted: (operation: OperationName) => boolean;
  /** The path or URL of the document. */
  readonly location: string;
}

/** Plans the reads of a document: all GETs with a JSON response, and all batches that the document suggests. */
export function planReads(document: DocumentLocation, options: PlanOptions): Plan {
  const wanted = readOperations(document).filter(options.isWanted);
  const invalid = wanted.filter(isInvalid);
  const operations = wanted.filter((operation): operation is Operation => !isInvalid(operation));
  const servers = chooseServer(document, operations, options.location);
  const planner = new Planner(options);
  for (const operation of operations.filter(({ method }) => method === "get")) {
    planner.planRead(operation, servers.refusalOf(operation));
  }
  for (const operation of operations.filter(({ method }) => method === "get" || method === "post")) {
    if (typeof operation.response !== "string" && servers.refusalOf(operation) === undefined)
      planner.planBatches(operation);
  }
  const { reads, batches, leftOut, notes } = planner;
  const batched = new Set(batches.map(({ operation }) => operation));
  const writes = operations.filter((operation) => operation.method !== "get" && !batched.has(operation));
  return {
    reads,
    batches,
    leftOut: [
      ...invalid.map((operation) => ({ operation, message: operation.fault })),
      ...leftOut,
      ...writes.map((operation) => ({ operation, message: "it is not a read" })),
    ],
    notes: [
      ...notes,
      ...reads.flatMap(({ operation, arguments: { notes: own } }) => own.map((message) => ({ operation, message }))),
    ],
    server: servers.server,
    accept: acceptOf([...reads, ...batches].map(({ operation }) => operation)),
  };
}

const isInvalid = (operation: Operation | InvalidOperation): operation is InvalidOperation => "fault" in operation;

interface Servers {
  readonly server: Server;
  /** Why an operation does not belong to this service. */
  refusalOf(operation: Operation): string | undefined;
}

/** Chooses one server, because a service has one base URL: that of the document, or of the first read if all have own ones. */
function chooseServer(document: DocumentLocation, operations: readonly Operation[], location: string): Servers {
  const own = document.at("servers");
  const reads = operations.filter(({ method, response }) => method === "get" && typeof response !== "string");
  const [first] = reads;
  const isElsewhere = first !== undefined && reads.every(({ servers }) => servers !== undefined);
  const server = serverOf(isElsewhere ? first.servers : own, location);
  return {
    server,
    refusalOf: ({ servers }) => {
      const others = baseUrlsOf(servers ?? own, location);
      if (others.length === 0 || server.baseUrl === undefined || others.includes(server.baseUrl)) return undefined;
      return `it has another server, ${others[0]}: generate a separate service for it with --only`;
    },
  };
}

function acceptOf(operations: readonly Operation[]): string | undefined {
  const types = operations.flatMap(({ response }) =>
    typeof response === "string" || response.media.includes("*") ? [] : [response.media],
  );
  const others = [...new Set(types)].filter((type) => type !== "application/json").sort();
  return others.length === 0 ? undefined : ["application/json", ...others].join(", ");
}

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
    const { response } = operation;
    const refusal =
      typeof response === "string" ? response : (argumentsOf(operation, new Set()).refusal ?? otherServer);
    if (refusal !== undefined || typeof response === "string") {
      this.leftOut.push({ operation, message: refusal ?? "" });
      return;
    }
    const read = this.#schemas.attempt(() => this.#readBody(operation, response));
    if (read instanceof CommandError) this.leftOut.push({ operation, message: read.message });
    else this.reads.push(this.#plannedRead(operation, read));
  }

  planBatches(operation: Operation): void {
    const { response } = operation;
    const known = this.reads.find((read) => read.operation === operation);
    // The schemas of a POST are declared only if it looks like a batch.
    const isPosted = operation.method === "post" && keyParametersOf(operation).length > 0;
    if (typeof response === "string" || (known === undefined && !isPosted)) return;
    const found = known
      ? { shape: this.#schemas.shapeOf(known.body) ?? unknownShape, body: known.body }
      : this.#schemas.attempt(() => this.#postedBatch(operation, response));
    if (found instanceof CommandError || found === undefined) return;
    const item = rowsOf(found.shape, this.#schemas.shapeOf)?.item;
    const singles = item ? this.reads.filter((read) => isSingleRead(read, item, this.#schemas)) : [];
    const { proposals, refusals } = this.#proposals(operation, found.shape, singles);
    this.notes.push(...refusals.map((message) => ({ operation, message })));
    for (const proposal of proposals) {
      const single = proposal.reader === "oneByKey" ? singles[0] : undefined;
      this.batches.push({ operation, name: this.#batchName(operation, proposal), body: found.body, proposal, single });
    }
  }

  /** The body of a POST. Undefined if it has no batch, so that its schemas are not declared. */
  #postedBatch(operation: Operation, response: JsonResponse): { shape: Shape; body: string } | undefined {
    const { shape, body } = this.#readBody(operation, response);
    return this.#proposals(operation, shape, []).proposals.length > 0 ? { shape, body } : undefined;
  }

  #proposals(operation: Operation, shape: Shape, singles: readonly PlannedRead[]) {
    const keys = new Set(
      singles.flatMap((single) => single.arguments.path.map(({ parameter }) => plainWord(parameter.name))),
    );
    return proposeBatches(operation, shape, keys, this.#schemas.shapeOf);
  }

  #readBody(operation: Operation, { schemas }: JsonResponse): { shape: Shape; body: string } {
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
    // The name is that of a constant of the file and of a read.
    let name = this.#fileNames.take(wanted);
    while (this.#names.has(name)) name = this.#fileNames.take(wanted);
    return this.#names.take(name);
  }
}

const isPlainKey = ({ path, query }: Arguments): boolean => query.length === 0 && path.length <= 1;

const bodyName = ({ name }: Operation, shape: Shape): string =>
  shape.kind === "array" && shape.item.kind === "named" ? `${shape.item.name}List` : pascalCase(`${name}Answer`);

/** Whether a read returns one of the rows by a key in its path. */
function isSingleRead(read: PlannedRead, item: Shape, schemas: DeclaredSchemas): boolean {
  const { arguments: parameters, operation, pages } = read;
  if (pages || parameters.path.length !== 1 || !endsWithValue(operation.template.path)) return false;
  if (operation.template.query.length > 0 || parameters.path[0]?.type.startsWith("readonly ")) return false;
  if (parameters.query.some(({ parameter }) => parameter.isRequired)) return false;
  const shape = schemas.shapeOf(read.body);
  return shape !== undefined && bareShape(shape, schemas.shapeOf) === bareShape(item, schemas.shapeOf);
}
