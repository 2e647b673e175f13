import type { IncomingMessage, ServerResponse } from "node:http";
import { GraphQLError, OperationTypeNode } from "graphql";
import type { Flight, Waiter } from "../coalescing/flight.ts";
import type { Question } from "../coalescing/flights.ts";
import { SharedAnswer } from "../coalescing/shared-answer.ts";
import { asGraphQLError, lateError } from "../execution/incremental-payloads.ts";
import { paramsOfBody } from "../pipeline/operation-params.ts";
import { lateBody, type PreparedOperation } from "../pipeline/pipeline.ts";
import { clientGoneStatus, endRequest } from "../request/end-request.ts";
import type { GraphQLRequest } from "../request/graphql-request.ts";
import { startRequest } from "../request/start-request.ts";
import type { Answer } from "../streaming/payload.ts";
import { clientInfoOf } from "../telemetry/client-info.ts";
import type { AcceptedJson, SingleMediaType } from "./accept.ts";
import type { Connections } from "./connections.ts";
import { type DirectTarget, single, writeDirect } from "./direct-answer.ts";
import type { DirectLaneOptions } from "./direct-lane-options.ts";
import { notReady } from "./graphql-endpoint.ts";
import { NodeHeaders } from "./node-headers.ts";
import { readBody } from "./read-body.ts";
import { bodyText, tooLarge } from "./read-params.ts";
import { requestIdOf } from "./request-id.ts";

/** One request on the direct lane, from its head to its answer. */
export class DirectExchange implements Waiter, DirectTarget {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly #accepted: AcceptedJson;
  readonly connections: Connections;
  readonly options: DirectLaneOptions;
  #request: GraphQLRequest;
  #flight: Flight | undefined;

  constructor(
    incoming: IncomingMessage,
    response: ServerResponse,
    accepted: AcceptedJson,
    connections: Connections,
    options: DirectLaneOptions,
  ) {
    this.incoming = incoming;
    this.response = response;
    this.#accepted = accepted;
    this.connections = connections;
    this.options = options;
    const { headers } = incoming;
    const client = new NodeHeaders(incoming);
    const callsHeader = single(headers["x-tributary-calls"]);
    const id = requestIdOf(single(headers["x-request-id"]));
    const clientInfo = clientInfoOf((name) => single(headers[name]));
    const clientAddress = connections.clientAddress(incoming);
    this.#request = startRequest({ id, client, accepted, callsHeader, clientAddress, clientInfo }, options);
  }

  get mediaType(): SingleMediaType {
    return this.#accepted.single;
  }

  get request(): GraphQLRequest {
    return this.#request;
  }

  begin(): void {
    const { lifecycle, limits } = this.options;
    lifecycle.track(this.#request);
    this.response.on("close", () => this.#onClose());
    const fault = notReady(lifecycle);
    if (fault) {
      this.#refuse(fault);
      return;
    }
    // A body may take longer to arrive than the whole request may take.
    this.#request.lifetime.onLate(() => this.#refuse(lateBody()));
    readBody(this.incoming, limits.bodyBytes, (bytes) => this.#onBody(bytes));
  }

  stepAside(): void {
    this.#request = this.#request.split();
    this.options.lifecycle.track(this.#request);
  }

  deliver(answer: SharedAnswer): void {
    // The client has left, and the run has ended with it.
    if (!this.#request.lifetime.hasEnded) writeDirect(answer, this);
  }

  deliverLate(): void {
    this.#write({ data: null, errors: [lateError()] });
  }

  /** The body is let go by, so that the connection can be used again. */
  #refuse(fault: GraphQLError): void {
    this.incoming.resume();
    this.#write({ errors: [fault] });
  }

  /** After every answer, and when the client has left before it. */
  #onClose(): void {
    const request = this.#request;
    if (request.lifetime.hasEnded) return;
    request.lifetime.leave();
    if (!request.report.isStream) endRequest(request, clientGoneStatus);
    this.#flight?.leave(this);
  }

  #onBody(bytes: Buffer | undefined): void {
    if (this.#request.lifetime.hasEnded) return;
    this.#request.lifetime.onLate(() => undefined);
    try {
      if (bytes === undefined) throw tooLarge(this.options.limits.bodyBytes);
      const text = bodyText(bytes);
      if (!this.#join(text)) this.#start(text);
    } catch (error) {
      this.#write({ errors: [error instanceof GraphQLError ? error : asGraphQLError(error)] });
    }
  }

  /** Whether the same is executed already: then this one waits for its answer. */
  #join(text: string): boolean {
    if (!this.#request.showsCalls) this.#flight = this.options.flights?.join(this.#question(text), this);
    return this.#flight !== undefined;
  }

  #start(text: string): void {
    const { stages } = this.options;
    const prepared = stages.prepare(paramsOfBody(text), this.#request, "POST");
    if (!("operation" in prepared)) this.#write({ errors: prepared });
    else if (this.#mayStream(prepared)) this.#handOver(text);
    else this.#execute(prepared, text);
  }

  #execute(prepared: PreparedOperation, text: string): void {
    const { stages, flights } = this.options;
    if (prepared.operation.operation === OperationTypeNode.MUTATION) flights?.forgetAnswers();
    const answer = stages.execute(prepared, this.#request);
    if (!(answer instanceof Promise)) this.#write(answer);
    else if (flights && this.#mayBeShared(prepared)) this.#flight = flights.begin(this.#question(text), this, answer);
    else this.#await(answer);
  }

  /** Not what a client that takes streams would get as one: it must not wait for what is deferred. */
  #mayBeShared({ operation, parsed }: PreparedOperation): boolean {
    return operation.operation === OperationTypeNode.QUERY && !parsed.isIncremental && !this.#request.showsCalls;
  }

  #question(text: string): Question {
    return { text, headers: this.incoming.headers, mediaType: this.#accepted.single };
  }

  #mayStream({ operation, parsed }: PreparedOperation): boolean {
    if (operation.operation === OperationTypeNode.SUBSCRIPTION) return true;
    return parsed.isIncremental && this.#accepted.stream !== undefined;
  }

  /** Gives a stream to Yoga's lane, with the body that was read. */
  #handOver(body: string): void {
    const { headers } = this.#request.client;
    const incoming = new Request("http://direct/graphql", { method: "POST", headers, body });
    this.connections.send(this.options.handleStarted(incoming, this.#request), this.response);
  }

  #await(answer: Promise<Answer>): void {
    answer.then(
      (value) => this.#write(value),
      (error: unknown) => this.#write({ errors: [asGraphQLError(error)] }),
    );
  }

  #write(answer: Answer): void {
    this.deliver(new SharedAnswer(answer, false));
  }
}
