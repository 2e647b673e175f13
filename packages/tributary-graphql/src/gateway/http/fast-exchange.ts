import type { IncomingMessage, ServerResponse } from "node:http";
import { type GraphQLError, OperationTypeNode } from "graphql";
import type { CoalescedRequest, Coalescer } from "../coalescing/coalescer.ts";
import { SharedAnswer } from "../coalescing/shared-answer.ts";
import type { SharedExecution, Subscriber } from "../coalescing/shared-execution.ts";
import { deadlineError, toGraphQLError } from "../execution/execution-errors.ts";
import { checkedParams, membersOfBody, membersOfQueryString } from "../pipeline/operation-params.ts";
import { lateBody, type Pipeline, type PreparedOperation, type RefusedOperation } from "../pipeline/pipeline.ts";
import { clientGoneStatus, type GraphQLRequest } from "../request/graphql-request.ts";
import { requestIdOf, startRequest } from "../request/start-request.ts";
import { pageFault } from "../security/page-fault.ts";
import type { GatewayServices } from "../services.ts";
import { type Answer, isStream, type Payload } from "../streaming/payload.ts";
import { clientInfoOf } from "../telemetry/client-info.ts";
import type { Accepted } from "./accept.ts";
import { NodeClientRequest } from "./client-request.ts";
import type { Connections } from "./connections.ts";
import { cutOff, single, writeAnswer } from "./fast-answer.ts";
import { finishResponse } from "./finish-response.ts";
import { notReady } from "./lifecycle.ts";
import { bodyText, readBody, tooLarge } from "./read-request.ts";
import { respond } from "./respond.ts";

/** The parts that all requests on the fast path share. */
export interface FastPathParts {
  readonly services: GatewayServices;
  readonly pipeline: Pipeline;
  /** Unset where each request is executed by itself. */
  readonly coalescer: Coalescer | undefined;
}

/** One request on the fast path, from its head to its answer. */
export class FastExchange implements Subscriber {
  readonly #incoming: IncomingMessage;
  readonly #outgoing: ServerResponse;
  readonly #accepted: Accepted;
  readonly #connections: Connections;
  readonly #path: FastPathParts;
  #request: GraphQLRequest;
  #execution: SharedExecution | undefined;
  /** Of the query that another request is executed for. */
  #text = "";
  #identity: string | undefined;
  /** A body that arrives after that is not read. */
  #isRefused = false;

  constructor(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    accepted: Accepted,
    connections: Connections,
    path: FastPathParts,
  ) {
    this.#incoming = incoming;
    this.#outgoing = outgoing;
    this.#accepted = accepted;
    this.#connections = connections;
    this.#path = path;
    const { headers } = incoming;
    this.#request = startRequest(
      {
        id: requestIdOf(single(headers["x-request-id"])),
        transport: "http",
        client: new NodeClientRequest(incoming),
        accepted,
        callsHeader: single(headers["x-tributary-calls"]),
        costHeader: single(headers["x-tributary-cost"]),
        clientAddress: connections.clientAddress(incoming),
        clientInfo: clientInfoOf((name) => single(headers[name])),
      },
      path.services,
    );
  }

  get request(): GraphQLRequest {
    return this.#request;
  }

  begin(): void {
    const { lifecycle, limits } = this.#path.services;
    this.#outgoing.on("close", () => this.#onClose());
    const isGet = this.#incoming.method === "GET";
    const fault = notReady(lifecycle) ?? this.#pageFault();
    if (fault) {
      this.#refuse(fault);
    } else if (isGet) {
      const { url = "" } = this.#incoming;
      this.#admit(() => this.#onText(url.slice(url.indexOf("?"))));
    } else {
      // A body may take longer to arrive than the whole request may take.
      this.#request.lifetime.onLate(() => this.#refuse(lateBody()));
      readBody(this.#incoming, limits.bodyBytes, (bytes) => this.#onBody(bytes));
    }
  }

  /** Most requests are of no browser, or of one's own page: they are asked for one header. */
  #pageFault(): GraphQLError | undefined {
    const { method = "POST", headers } = this.#incoming;
    if (headers["sec-fetch-mode"] === undefined && headers.origin === undefined) return undefined;
    return pageFault({ method, header: (name) => single(headers[name]) }, this.#path.services.origins);
  }

  split(): void {
    this.#request = this.#request.split();
    this.#path.services.lifecycle.track(this.#request);
  }

  deliver(answer: SharedAnswer): void {
    // The client has left, and the request has ended with it.
    if (this.#request.lifetime.hasEnded) return;
    if (this.#accepted.single === undefined) this.#send(answer.payload);
    else {
      writeAnswer(answer, this.#accepted.single, this.#request, {
        incoming: this.#incoming,
        outgoing: this.#outgoing,
        origins: this.#path.services.origins,
        connections: this.#connections,
      });
    }
  }

  executeItself(): void {
    this.#execution = undefined;
    if (this.#request.lifetime.hasEnded) return;
    this.#request.executeItself();
    this.#start(this.#text);
  }

  deliverLate(): void {
    this.#write({ data: null, errors: [deadlineError()] });
  }

  /** The body is read and dropped, so that the connection can be used again. */
  #refuse(fault: GraphQLError): void {
    this.#isRefused = true;
    this.#incoming.resume();
    this.#write({ errors: [fault] });
  }

  /** After every answer, and when the client has left before it. */
  #onClose(): void {
    const request = this.#request;
    if (request.lifetime.hasEnded) return;
    request.lifetime.leave();
    if (!request.report.isStream) request.end(clientGoneStatus);
    this.#execution?.leave(this);
  }

  #onBody(bytes: Buffer | undefined): void {
    if (this.#isRefused || this.#request.lifetime.hasEnded) return;
    this.#request.lifetime.onLate(() => undefined);
    this.#admit(() => {
      if (bytes === undefined) throw tooLarge(this.#path.services.limits.bodyBytes);
      this.#onText(bodyText(bytes));
    });
  }

  /** Refuses a client that has reached its rate limit before anything of its request is parsed. */
  #admit(next: () => void): void {
    try {
      const limited = this.#request.charge?.refusal();
      if (limited) this.#write({ errors: [limited] });
      else next();
    } catch (error) {
      this.#write({ errors: [toGraphQLError(error)] });
    }
  }

  /** @param text the body of a POST, the query string of a GET */
  #onText(text: string): void {
    if (this.#showsItsOwn || !this.#join(text)) this.#start(text);
  }

  #join(text: string): boolean {
    const { coalescer } = this.#path;
    if (coalescer === undefined) return false;
    this.#text = text;
    this.#execution = coalescer.join(this.#coalesced(text), this);
    return this.#execution !== undefined;
  }

  #start(text: string): void {
    const { method = "POST" } = this.#incoming;
    try {
      const { pipeline, services } = this.#path;
      const members = method === "GET" ? membersOfQueryString(text) : membersOfBody(text);
      const params = checkedParams(members, services.trustedDocuments);
      const prepared = pipeline.prepare(params, this.#request, method);
      if (prepared instanceof Promise) void prepared.then((later) => this.#onPreparedLater(later, text));
      else this.#onPrepared(prepared, text);
    } catch (error) {
      this.#write({ errors: [toGraphQLError(error)] });
    }
  }

  #onPrepared(prepared: PreparedOperation | RefusedOperation, text: string): void {
    if (prepared.kind === "refused") this.#write({ errors: prepared.errors });
    else this.#execute(prepared, text);
  }

  /** The client may have left meanwhile, and an identical query may be in flight. */
  #onPreparedLater(prepared: PreparedOperation | RefusedOperation, text: string): void {
    if (this.#request.lifetime.hasEnded) return;
    try {
      if (prepared.kind === "prepared" && !this.#showsItsOwn && this.#join(text)) return;
      this.#onPrepared(prepared, text);
    } catch (error) {
      this.#write({ errors: [toGraphQLError(error)] });
    }
  }

  #execute(prepared: PreparedOperation, text: string): void {
    const { pipeline, coalescer } = this.#path;
    if (prepared.operation.operation === OperationTypeNode.MUTATION) coalescer?.dropAnswers();
    const answer = pipeline.execute(prepared, this.#request);
    if (!(answer instanceof Promise)) this.#write(answer);
    else if (coalescer && this.#mayBeShared(prepared)) {
      this.#execution = coalescer.share(this.#coalesced(text), this, answer);
    } else {
      answer.then(
        (value) => this.#write(value),
        (error: unknown) => this.#write({ errors: [toGraphQLError(error)] }),
      );
    }
  }

  /** Whether the answer says what the execution for this request did. */
  get #showsItsOwn(): boolean {
    return this.#request.showsCalls || this.#request.showsCost;
  }

  /** A stream is not shared: each client takes its payloads at its own pace. */
  #mayBeShared({ operation, parsed }: PreparedOperation): boolean {
    return operation.operation === OperationTypeNode.QUERY && !parsed.isIncremental && !this.#showsItsOwn;
  }

  #coalesced(text: string): CoalescedRequest {
    const { single: mediaType = "application/json" } = this.#accepted;
    this.#identity ??= this.#path.services.declared.identityOf(this.#incoming.headers, this.#request.clientAddress);
    return { text, identity: this.#identity, mediaType };
  }

  #write(answer: Answer): void {
    if (isStream(answer)) this.#send(answer);
    else this.deliver(new SharedAnswer(answer, false));
  }

  /** Sends an answer in payloads. */
  #send(answer: Payload | AsyncIterable<Payload>): void {
    const { origins, heartbeatMs } = this.#path.services;
    try {
      const response = respond(answer, this.#request, heartbeatMs);
      this.#connections.send(finishResponse(response, this.#request, origins), this.#outgoing);
    } catch (error) {
      cutOff(error, this.#request, this.#outgoing);
    }
  }
}
