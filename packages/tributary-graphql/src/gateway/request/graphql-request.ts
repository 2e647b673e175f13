import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from "graphql";
import type { Logger } from "pino";
import type { CallLog } from "../../core/call-log.ts";
import type { RequestScope } from "../../core/request-scope.ts";
import { HeldBatches } from "../execution/held-batches.ts";
import type { Accepted } from "../http/accept.ts";
import type { RequestReport } from "../telemetry/request-report.ts";
import type { RequestLifetime } from "./request-lifetime.ts";

/** Whoever has the headers of the client's request: the `Request` itself, or what makes them when they are asked for. */
export interface HeaderSource {
  readonly headers: Headers;
}

/** An operation with the document and the schema that its names refer to. */
export interface SelectedOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

export interface GraphQLRequestParts {
  readonly id: string;
  /** The gateway's: lines get the id from the run. */
  readonly logger: Logger;
  readonly calls: CallLog;
  readonly lifetime: RequestLifetime;
  readonly report: RequestReport;
  readonly accepted: Accepted;
  readonly showsCalls: boolean;
  /** Whether clients are told the message and the place of an unexpected error. */
  readonly showsExceptions: boolean;
  /** Kept for as long as the run: a `Request` that is collected no longer hears that its client left. */
  readonly client: HeaderSource;
  /** Unset where it is not known. */
  readonly clientAddress: string | undefined;
}

/** One GraphQL request on its way through the gateway: what its stages share. What few requests need is made on demand. */
export class GraphQLRequest {
  readonly id: string;
  readonly calls: CallLog;
  readonly lifetime: RequestLifetime;
  readonly report: RequestReport;
  readonly accepted: Accepted;
  /** Whether the answer carries `extensions.calls`. */
  readonly showsCalls: boolean;
  readonly showsExceptions: boolean;
  readonly logger: Logger;
  readonly client: HeaderSource;
  readonly clientAddress: string | undefined;
  readonly #parent: GraphQLRequest | undefined;
  #log: Logger | undefined;
  #loggedErrors: WeakSet<object> | undefined;
  #loggedCalls: Set<string> | undefined;
  #operation: SelectedOperation | undefined;
  #batches: HeldBatches | undefined;

  constructor(parts: GraphQLRequestParts, parent?: GraphQLRequest) {
    this.id = parts.id;
    this.calls = parts.calls;
    this.lifetime = parts.lifetime;
    this.report = parts.report;
    this.accepted = parts.accepted;
    this.showsCalls = parts.showsCalls;
    this.showsExceptions = parts.showsExceptions;
    this.logger = parts.logger;
    this.client = parts.client;
    this.clientAddress = parts.clientAddress;
    this.#parent = parent;
    if (parts.logger.isLevelEnabled("debug"))
      this.calls.onCallEnd = (entry, sent) => this.log.debug({ ...entry, sent }, "call");
  }

  /** Writes the request's id with each line. */
  get log(): Logger {
    if (this.#log === undefined) this.#log = this.#parent?.log ?? this.logger.child({ id: this.id });
    return this.#log;
  }

  /** Errors that were logged already: one that fails a hundred fields is logged once. */
  get loggedErrors(): WeakSet<object> {
    if (this.#loggedErrors === undefined) this.#loggedErrors = this.#parent?.loggedErrors ?? new WeakSet();
    return this.#loggedErrors;
  }

  /** Names of the calls to sources whose failure was logged already. */
  get loggedCalls(): Set<string> {
    if (this.#loggedCalls === undefined) this.#loggedCalls = this.#parent?.loggedCalls ?? new Set();
    return this.#loggedCalls;
  }

  /** The operation that was chosen; undefined before that, and for a request that was refused. */
  get operation(): SelectedOperation | undefined {
    return this.#operation ?? this.#parent?.operation;
  }

  set operation(operation: SelectedOperation | undefined) {
    this.#operation = operation;
  }

  /** The batches of its loaders. */
  get batches(): HeldBatches {
    this.#batches ??= new HeldBatches();
    return this.#batches;
  }

  /** This one does not execute its operation: it waits for the answer of another run that does. */
  waitFor(executing: GraphQLRequest): void {
    this.#loggedErrors = executing.loggedErrors;
    this.#loggedCalls = executing.loggedCalls;
    this.#operation = executing.operation;
    this.report.setExecutedBy(executing);
  }

  /** A run that only waits for what this one executes: others do too, and the client's part of it has to end by itself. */
  split(): GraphQLRequest {
    return this.part({ lifetime: this.lifetime.split(), calls: this.calls, accepted: this.accepted });
  }

  /** A part of this run that has a life and calls of its own, and shares its log and which errors were logged. */
  part(own: Pick<GraphQLRequestParts, "lifetime" | "calls" | "accepted">): GraphQLRequest {
    const { id, report, showsCalls, showsExceptions, logger, client, clientAddress } = this;
    return new GraphQLRequest({ id, report, showsCalls, showsExceptions, logger, client, clientAddress, ...own }, this);
  }
}

/**
 * The part of a run that whoever makes the context gets to see. A class, whose properties are made when they are read:
 * most requests never ask for most of them. TypeScript knows that a spread (`{ ...scope }`) would lose them.
 */
export class GraphQLRequestScope implements RequestScope {
  readonly #request: GraphQLRequest;

  constructor(request: GraphQLRequest) {
    this.#request = request;
  }

  get id(): string {
    return this.#request.id;
  }

  get log(): Logger {
    return this.#request.log;
  }

  get calls(): CallLog {
    return this.#request.calls;
  }

  get scheduleBatch(): (dispatch: () => void) => void {
    return this.#request.batches.schedule;
  }

  get signal(): AbortSignal {
    return this.#request.lifetime.signal;
  }

  get headers(): Headers {
    return this.#request.client.headers;
  }

  remainingMs(): number {
    return this.#request.lifetime.remainingMs();
  }
}

export const scopeOf = (request: GraphQLRequest): GraphQLRequestScope => new GraphQLRequestScope(request);
