import type { IncomingMessage, ServerResponse } from "node:http";
import { GraphQLError, OperationTypeNode } from "graphql";
import type { Flight, Waiter } from "../coalescing/flight.ts";
import type { Question } from "../coalescing/flights.ts";
import { SharedAnswer } from "../coalescing/shared-answer.ts";
import { clientGoneStatus, endRun } from "../end-run.ts";
import { asGraphQLError, lateError } from "../execution/incremental-payloads.ts";
import { lateBody, type PreparedOperation } from "../operation-stages.ts";
import type { RequestRun } from "../request-run.ts";
import { startRun } from "../start-run.ts";
import type { Answer } from "../streaming/payload.ts";
import { clientInfoOf } from "../telemetry/client-info.ts";
import type { AcceptedJson, SingleMediaType } from "./accept.ts";
import type { Connections } from "./connections.ts";
import { type DirectTarget, single, writeDirect } from "./direct-answer.ts";
import type { DirectLaneOptions } from "./direct-lane-options.ts";
import { notReady } from "./graphql-endpoint.ts";
import { NodeHeaders } from "./node-headers.ts";
import { paramsOfBody } from "./operation-params.ts";
import { readBody } from "./read-body.ts";
import { bodyText, tooLarge } from "./read-params.ts";
import { requestIdOf } from "./request-id.ts";

/** One request on the direct lane, from its head to its answer. */
export class DirectExchange implements Waiter, DirectTarget {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly #accepted: AcceptedJson;
  readonly connections: Connections;
  readonly options: DirectLaneOptions;
  #run: RequestRun;
  #flight: Flight | undefined;

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    accepted: AcceptedJson,
    connections: Connections,
    options: DirectLaneOptions,
  ) {
    this.request = request;
    this.response = response;
    this.#accepted = accepted;
    this.connections = connections;
    this.options = options;
    const { headers } = request;
    const client = new NodeHeaders(request);
    const callsHeader = single(headers["x-tributary-calls"]);
    const id = requestIdOf(single(headers["x-request-id"]));
    const clientInfo = clientInfoOf((name) => single(headers[name]));
    const clientAddress = connections.clientAddress(request);
    this.#run = startRun({ id, client, accepted, callsHeader, clientAddress, clientInfo }, options);
  }

  get mediaType(): SingleMediaType {
    return this.#accepted.single;
  }

  get run(): RequestRun {
    return this.#run;
  }

  begin(): void {
    const { lifecycle, limits } = this.options;
    lifecycle.track(this.#run);
    this.response.on("close", () => this.#onClose());
    const fault = notReady(lifecycle);
    if (fault) {
      this.#refuse(fault);
      return;
    }
    // A body may take longer to arrive than the whole request may take.
    this.#run.lifetime.onLate(() => this.#refuse(lateBody()));
    readBody(this.request, limits.bodyBytes, (bytes) => this.#onBody(bytes));
  }

  stepAside(): void {
    this.#run = this.#run.split();
    this.options.lifecycle.track(this.#run);
  }

  deliver(answer: SharedAnswer): void {
    // The client has left, and the run has ended with it.
    if (!this.#run.lifetime.hasEnded) writeDirect(answer, this);
  }

  deliverLate(): void {
    this.#write({ data: null, errors: [lateError()] });
  }

  /** The body is let go by, so that the connection can be used again. */
  #refuse(fault: GraphQLError): void {
    this.request.resume();
    this.#write({ errors: [fault] });
  }

  /** After every answer, and when the client has left before it. */
  #onClose(): void {
    const run = this.#run;
    if (run.lifetime.hasEnded) return;
    run.lifetime.leave();
    if (!run.report.isStream) endRun(run, clientGoneStatus);
    this.#flight?.leave(this);
  }

  #onBody(bytes: Buffer | undefined): void {
    if (this.#run.lifetime.hasEnded) return;
    this.#run.lifetime.onLate(() => undefined);
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
    if (!this.#run.showsCalls) this.#flight = this.options.flights?.join(this.#question(text), this);
    return this.#flight !== undefined;
  }

  #start(text: string): void {
    const { stages } = this.options;
    const prepared = stages.prepare(paramsOfBody(text), this.#run, "POST");
    if (!("operation" in prepared)) this.#write({ errors: prepared });
    else if (this.#mayStream(prepared)) this.#handOver(text);
    else this.#execute(prepared, text);
  }

  #execute(prepared: PreparedOperation, text: string): void {
    const { stages, flights } = this.options;
    if (prepared.operation.operation === OperationTypeNode.MUTATION) flights?.forgetAnswers();
    const answer = stages.execute(prepared, this.#run);
    if (!(answer instanceof Promise)) this.#write(answer);
    else if (flights && this.#mayBeShared(prepared)) this.#flight = flights.begin(this.#question(text), this, answer);
    else this.#await(answer);
  }

  /** Not what a client that takes streams would get as one: it must not wait for what is deferred. */
  #mayBeShared({ operation, parsed }: PreparedOperation): boolean {
    return operation.operation === OperationTypeNode.QUERY && !parsed.isIncremental && !this.#run.showsCalls;
  }

  #question(text: string): Question {
    return { text, headers: this.request.headers, mediaType: this.#accepted.single };
  }

  #mayStream({ operation, parsed }: PreparedOperation): boolean {
    if (operation.operation === OperationTypeNode.SUBSCRIPTION) return true;
    return parsed.isIncremental && this.#accepted.stream !== undefined;
  }

  /** Gives a stream to Yoga's lane, with the body that was read. */
  #handOver(body: string): void {
    const { headers } = this.#run.client;
    const request = new Request("http://direct/graphql", { method: "POST", headers, body });
    this.connections.send(this.options.handleRun(request, this.#run), this.response);
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
