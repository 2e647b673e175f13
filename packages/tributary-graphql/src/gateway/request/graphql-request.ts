import { type DocumentNode, type GraphQLSchema, type OperationDefinitionNode, OperationTypeNode } from "graphql";
import type { Logger } from "pino";
import type { CallLog } from "../../core/call-log.ts";
import type { RequestScope } from "../../core/request-scope.ts";
import type { OperationCost } from "../cost/operation-cost.ts";
import { BatchScheduler } from "../execution/batch-scheduler.ts";
import type { Accepted } from "../http/accept.ts";
import type { RequestCharge } from "../rate-limit/request-charge.ts";
import type { RequestReport } from "../telemetry/request-report.ts";
import { type SecretInputs, withoutSecrets } from "../telemetry/secret-inputs.ts";
import type { TrustedDocument } from "../trusted-documents/trusted-document.ts";
import type { DeclaredHeaders, RequestCookies } from "./declared-headers.ts";
import type { RequestLifetime } from "./request-lifetime.ts";
import { traceContextOf } from "./trace-context.ts";

/** The HTTP request of a client. */
export interface ClientRequest {
  readonly headers: Headers;
  /** A `Request` with these headers and without its body, for plugins. */
  toRequest(signal: AbortSignal, headers: Headers): Request;
}

/** The status in the log of a request whose client left, as nginx writes it. It is never sent. */
export const clientGoneStatus = 499;

/** On a WebSocket, a request is one operation. */
export type Transport = "http" | "websocket";

/** An operation with the document and the schema that its names refer to. */
export interface SelectedOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** As the client sent them. */
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

export interface GraphQLRequestParts {
  /** Unique; in the log line, and in `x-request-id`. */
  readonly id: string;
  readonly transport: Transport;
  /** The gateway's logger, without the request's id. */
  readonly logger: Logger;
  readonly calls: CallLog;
  readonly lifetime: RequestLifetime;
  readonly report: RequestReport;
  readonly accepted: Accepted;
  readonly showsCalls: boolean;
  readonly showsCost: boolean;
  /** Whether the client reads the message and the stack of an unexpected error. */
  readonly showsExceptions: boolean;
  /** Referenced until the request ends: a `Request` that was garbage-collected no longer aborts when its client leaves. */
  readonly client: ClientRequest;
  /** Unset where it is not known. */
  readonly clientAddress: string | undefined;
  /** The parts of the client's request that an app may read. */
  readonly declared: DeclaredHeaders;
  /** The inputs whose values no log line may have. */
  readonly secrets: SecretInputs;
}

/**
 * One request for an operation, on its way through the pipeline. The members that few requests need are made on demand.
 */
export class GraphQLRequest {
  readonly id: string;
  readonly transport: Transport;
  readonly calls: CallLog;
  readonly lifetime: RequestLifetime;
  readonly report: RequestReport;
  readonly accepted: Accepted;
  /** Whether the answer carries `extensions.calls`. */
  readonly showsCalls: boolean;
  /** Whether the answer carries `extensions.cost` and the header `x-tributary-cost`. */
  readonly showsCost: boolean;
  readonly showsExceptions: boolean;
  readonly logger: Logger;
  readonly client: ClientRequest;
  readonly clientAddress: string | undefined;
  readonly declared: DeclaredHeaders;
  readonly secrets: SecretInputs;
  /** The context that plugins share, where Yoga has made it already. */
  pluginContext: object | undefined = undefined;
  /** What the request takes from the bucket of its client. Unset where requests are not limited. */
  charge: RequestCharge | undefined = undefined;
  readonly #parent: GraphQLRequest | undefined;
  #log: Logger | undefined;
  #headers: Headers | undefined;
  #cookies: RequestCookies | undefined;
  #loggedErrors: WeakSet<object> | undefined;
  #loggedCalls: Set<string> | undefined;
  #operation: SelectedOperation | undefined;
  #cost: OperationCost | undefined;
  #trusted: TrustedDocument | undefined;
  #cacheHeaders: Readonly<Record<string, string>> | undefined;
  #batchScheduler: BatchScheduler | undefined;

  constructor(parts: GraphQLRequestParts, parent?: GraphQLRequest) {
    this.id = parts.id;
    this.transport = parts.transport;
    this.calls = parts.calls;
    this.lifetime = parts.lifetime;
    this.report = parts.report;
    this.accepted = parts.accepted;
    this.showsCalls = parts.showsCalls;
    this.showsCost = parts.showsCost;
    this.showsExceptions = parts.showsExceptions;
    this.logger = parts.logger;
    this.client = parts.client;
    this.clientAddress = parts.clientAddress;
    this.declared = parts.declared;
    this.secrets = parts.secrets;
    this.#parent = parent;
    if (parts.logger.isLevelEnabled("debug"))
      this.calls.onCallEnd = (entry, sent) => this.log.debug({ ...entry, sent }, "call");
  }

  /** Writes the request's id with each line. */
  get log(): Logger {
    if (this.#log === undefined) this.#log = this.#parent?.log ?? this.logger.child({ id: this.id });
    return this.#log;
  }

  /** The fields of a log line without the secrets of this request. */
  withoutSecrets<Fields>(fields: Fields): Fields {
    const { document, variables } = this.operation ?? {};
    return withoutSecrets(fields, this.secrets.valuesOf({ headers: this.client.headers, document, variables }));
  }

  /** The declared headers. */
  get headers(): Headers {
    this.#headers ??= this.#parent?.headers ?? this.declared.headersOf(this.client.headers);
    return this.#headers;
  }

  /** The declared cookies. */
  get cookies(): RequestCookies {
    this.#cookies ??= this.#parent?.cookies ?? this.declared.cookiesOf(this.client.headers);
    return this.#cookies;
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

  /** Whether somebody reads what the execution has cost. */
  get measuresCost(): boolean {
    return this.showsCost || this.charge !== undefined;
  }

  /** The cost of the operation; undefined before it was validated. */
  get cost(): OperationCost | undefined {
    return this.#cost ?? this.#parent?.cost;
  }

  set cost(cost: OperationCost | undefined) {
    this.#cost = cost;
  }

  /** The trusted document of the operation; undefined for another document. */
  get trusted(): TrustedDocument | undefined {
    return this.#trusted ?? this.#parent?.trusted;
  }

  set trusted(document: TrustedDocument | undefined) {
    this.#trusted = document;
  }

  /** The headers of an answer without errors, where caches may keep it. */
  get cacheHeaders(): Readonly<Record<string, string>> | undefined {
    return this.#cacheHeaders ?? this.#parent?.cacheHeaders;
  }

  set cacheHeaders(headers: Readonly<Record<string, string>> | undefined) {
    this.#cacheHeaders = headers;
  }

  /** Dispatches the batches of its loaders. */
  get batchScheduler(): BatchScheduler {
    this.#batchScheduler ??= new BatchScheduler();
    return this.#batchScheduler;
  }

  /** Writes its log line, and stops the work that still goes on for it. A second call does nothing. */
  end(status: number): void {
    if (this.lifetime.hasEnded) return;
    this.report.write(this, status);
    // Of a subscription, each event has the budget.
    if (this.report.operationType !== OperationTypeNode.SUBSCRIPTION) this.trusted?.checkBudget(this);
    this.lifetime.end();
  }

  /** This request is answered by the execution of another one. */
  waitFor(executing: GraphQLRequest): void {
    this.charge?.shareExecution();
    this.#loggedErrors = executing.loggedErrors;
    this.#loggedCalls = executing.loggedCalls;
    this.#operation = executing.operation;
    this.#cacheHeaders = executing.cacheHeaders;
    this.report.setExecutedBy(executing);
  }

  /** This request is executed after all: the other one's answer was for its client alone. */
  executeItself(): void {
    this.charge?.leaveExecution();
    this.#loggedErrors = undefined;
    this.#loggedCalls = undefined;
    this.#operation = undefined;
    this.report.setExecutedItself();
    this.lifetime.onLate(() => undefined);
  }

  /** A request for the same client with a lifetime of its own, which waits for the execution of this one. */
  split(): GraphQLRequest {
    const client = this.part({ lifetime: this.lifetime.split(), calls: this.calls, accepted: this.accepted });
    // The execution settles it.
    client.charge = this.charge;
    return client;
  }

  /** A part of this request with its own lifetime and calls. It shares the log, and the errors that were logged. */
  part(own: Pick<GraphQLRequestParts, "lifetime" | "calls" | "accepted">): GraphQLRequest {
    const {
      id,
      transport,
      report,
      showsCalls,
      showsCost,
      showsExceptions,
      logger,
      client,
      clientAddress,
      declared,
      secrets,
    } = this;
    const shared = {
      id,
      transport,
      report,
      showsCalls,
      showsCost,
      showsExceptions,
      logger,
      client,
      clientAddress,
      declared,
      secrets,
    };
    return new GraphQLRequest({ ...shared, ...own }, this);
  }
}

/**
 * The members of a request that `createContext` reads. A class with getters, since most requests read few of them; a spread
 * (`{ ...scope }`) would lose them, and TypeScript says so.
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
    return this.#request.batchScheduler.schedule;
  }

  get signal(): AbortSignal {
    return this.#request.lifetime.signal;
  }

  get headers(): Headers {
    return this.#request.headers;
  }

  get cookies(): RequestCookies {
    return this.#request.cookies;
  }

  /**
   * The client's address, as far as trusted proxies tell it; undefined where it is not known.
   *
   * @throws TypeError unless the gateway has `readsClientAddress`
   */
  get clientAddress(): string | undefined {
    return this.#request.declared.addressOf(this.#request.clientAddress);
  }

  get traceContext(): Readonly<Record<string, string>> {
    return traceContextOf(this.#request.client.headers);
  }

  remainingMs(): number {
    return this.#request.lifetime.remainingMs();
  }
}

export const scopeOf = (request: GraphQLRequest): GraphQLRequestScope => new GraphQLRequestScope(request);
