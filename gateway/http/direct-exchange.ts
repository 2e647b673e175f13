import type { IncomingMessage, ServerResponse } from "node:http";
import { GraphQLError, OperationTypeNode } from "graphql";
import { clientGoneStatus, endRun } from "../end-run.ts";
import { asGraphQLError } from "../execution/incremental-payloads.ts";
import type { PreparedOperation } from "../operation-stages.ts";
import type { RequestRun } from "../request-run.ts";
import { startRun } from "../start-run.ts";
import { type Answer, isStream } from "../streaming/payload.ts";
import { type ContentEncoding, compress, encodingOfWhole } from "./content-encoding.ts";
import { originHeaders } from "./cors.ts";
import type { AcceptedJson, DirectLaneOptions, SendLater } from "./direct-lane.ts";
import { notReady } from "./graphql-endpoint.ts";
import { NodeHeaders } from "./node-headers.ts";
import { paramsOfBody } from "./operation-params.ts";
import { readBody } from "./read-body.ts";
import { tooLarge } from "./read-params.ts";
import { requestIdOf } from "./request-id.ts";
import { contentTypeOf, type WholeAnswer, wholeAnswer } from "./respond.ts";
import { noHeaders } from "./status.ts";
import { variesBy } from "./vary.ts";
import { writeWhole } from "./write-whole.ts";

/** One request on the direct lane, and its answer. */
export class DirectExchange {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #accepted: AcceptedJson;
  readonly #sendLater: SendLater;
  readonly #options: DirectLaneOptions;
  readonly #run: RequestRun;

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    accepted: AcceptedJson,
    sendLater: SendLater,
    options: DirectLaneOptions,
  ) {
    this.#request = request;
    this.#response = response;
    this.#accepted = accepted;
    this.#sendLater = sendLater;
    this.#options = options;
    const { headers } = request;
    this.#run = startRun(
      {
        id: requestIdOf(header(headers["x-request-id"])),
        client: new NodeHeaders(request),
        accepted,
        callsHeader: header(headers["x-tributary-calls"]),
      },
      options,
    );
  }

  begin(): void {
    const { lifecycle, limits } = this.#options;
    lifecycle.track(this.#run);
    this.#response.on("close", () => this.#onClose());
    const fault = notReady(lifecycle);
    if (fault) this.#refuse(fault);
    else readBody(this.#request, limits.bodyBytes, (text) => this.#onBody(text));
  }

  /** The body is let go by, so that the connection can be used again. */
  #refuse(fault: GraphQLError): void {
    this.#request.resume();
    this.#write({ errors: [fault] });
  }

  /** After every answer, and when the client has left before it. */
  #onClose(): void {
    const run = this.#run;
    if (run.lifetime.hasEnded) return;
    run.lifetime.leave();
    if (!run.report.isStream) endRun(run, clientGoneStatus);
  }

  #onBody(text: string | undefined): void {
    try {
      if (text === undefined) throw tooLarge(this.#options.limits.bodyBytes);
      const answer = this.#answer(text);
      if (answer instanceof Promise) this.#await(answer);
      else if (answer !== undefined) this.#write(answer);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Undefined when another lane answers. */
  #answer(text: string): Answer | Promise<Answer> | undefined {
    const { stages } = this.#options;
    const prepared = stages.prepare(paramsOfBody(text), this.#run, "POST");
    if (!("operation" in prepared)) return { errors: prepared };
    if (!this.#mayStream(prepared)) return stages.execute(prepared, this.#run);
    this.#handOver(text);
    return undefined;
  }

  #await(answer: Promise<Answer>): void {
    answer.then(
      (value) => this.#write(value),
      (error: unknown) => this.#fail(error),
    );
  }

  #mayStream({ operation, parsed }: PreparedOperation): boolean {
    if (operation.operation === OperationTypeNode.SUBSCRIPTION) return true;
    return parsed.isIncremental && this.#accepted.stream !== undefined;
  }

  /** Gives a stream to Yoga's lane, with the body that was read. */
  #handOver(body: string): void {
    const { headers } = this.#run.client;
    const request = new Request("http://direct/graphql", { method: "POST", headers, body });
    this.#sendLater(this.#options.handleRun(request, this.#run));
  }

  #fail(error: unknown): void {
    this.#write({ errors: [error instanceof GraphQLError ? error : asGraphQLError(error)] });
  }

  #write(answer: Answer): void {
    // The client has left, and the run has ended with it.
    if (this.#run.lifetime.hasEnded) return;
    const whole = this.#wholeOf(answer);
    const encoding = encodingOfWhole(whole.body, header(this.#request.headers["accept-encoding"]));
    if (encoding) void this.#compressAndSend(whole, encoding);
    else this.#send(whole, whole.body);
  }

  async #compressAndSend(whole: WholeAnswer, encoding: ContentEncoding): Promise<void> {
    try {
      this.#send(whole, await compress[encoding](whole.body), encoding);
    } catch (error) {
      this.#run.log.error({ err: error }, "a request could not be answered");
      this.#response.destroy();
    }
  }

  #send(whole: WholeAnswer, body: string | Uint8Array, encoding?: ContentEncoding): void {
    if (this.#options.lifecycle.state === "draining") this.#response.setHeader("connection", "close");
    writeWhole(this.#response, whole.status, this.#headersOf(whole, encoding), body);
  }

  #wholeOf(answer: Answer): WholeAnswer {
    const run = this.#run;
    try {
      if (isStream(answer)) throw new TypeError("An operation was executed to a stream although nothing in it is one.");
      return wholeAnswer(answer, this.#accepted.single, run);
    } catch (error) {
      // What a scalar gave cannot be written as JSON.
      return wholeAnswer({ errors: [asGraphQLError(error)] }, this.#accepted.single, run);
    }
  }

  /** In the order of the alphabet, as `Headers` gives them in Yoga's lane. */
  #headersOf({ mediaType, headers }: WholeAnswer, encoding?: ContentEncoding): string[] {
    const { origin } = this.#request.headers;
    const isRead = origin !== undefined && !this.#options.isProduction;
    const contentType = contentTypeOf(mediaType);
    if (!isRead && encoding === undefined && headers === noHeaders) {
      return ["content-type", contentType, "vary", variesBy, "x-request-id", this.#run.id];
    }
    const all = new Headers({ ...headers, "content-type": contentType, "x-request-id": this.#run.id });
    if (encoding) all.set("content-encoding", encoding);
    if (isRead)
      for (const [name, value] of Object.entries(originHeaders(this.#run.client.headers))) all.set(name, value);
    all.append("vary", variesBy);
    return [...all].flat();
  }
}

/** A header that may come once only; several are joined by node, except for those that make no sense twice. */
const header = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(", ") : value;
