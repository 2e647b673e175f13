import { pino } from "pino";
import { CallLog, type CallLogEntry, createGateway, type Gateway } from "tributary-graphql";
import { collect, readMultipart } from "tributary-testing/read-stream.ts";
import type { Context } from "../../resolvers/context.ts";
import { schema } from "../../schema/index.ts";
import { createFakeSources, type FakeSourceOptions } from "./fake-sources.ts";
import { noFaults } from "./faults.ts";
import { merge2022, type Payload2022 } from "./merge-2022.ts";
import { mergeV02, type PayloadV02 } from "./merge-v02.ts";
import type { Json, Merged, ResponseError } from "./responses.ts";
import type { Operation } from "./write-operation.ts";

export const formats = {
  "v0.2": {
    accept: "multipart/mixed;incrementalSpec=v0.2",
    merge: (payloads: readonly unknown[]): Merged => mergeV02(payloads as readonly PayloadV02[]),
  },
  "2022": {
    accept: "multipart/mixed;deferSpec=20220824",
    merge: (payloads: readonly unknown[]): Merged => merge2022(payloads as readonly Payload2022[]),
  },
} as const;

export type Format = keyof typeof formats;

export interface PlainResult {
  readonly data: Json;
  readonly errors: readonly ResponseError[];
  readonly calls: readonly CallLogEntry[];
}

export interface IncrementalResult {
  readonly payloads: readonly unknown[];
  readonly calls: readonly CallLogEntry[];
}

/** The gateway with Atlas' schema and fake sources, without a socket. Serves one request at a time. */
export class RandomGateway {
  #sourceOptions: FakeSourceOptions = { faults: noFaults, latencyTicks: () => 1 };
  #calls = new CallLog();
  readonly #gateway: Gateway;

  constructor() {
    this.#gateway = createGateway<Context>({
      schema,
      createContext: (scope) => ({ sources: createFakeSources(this.#sourceOptions, scope.calls) }),
      logger: pino({ level: "silent" }),
      isProduction: false,
      requestTimeoutMs: 60_000,
      graphiql: { title: "Random", tabs: [] },
      readiness: {},
      // Generated operations exceed the default limits.
      limits: { incrementalDirectives: 10_000, pendingParts: 100_000 },
      createCallLog: () => {
        this.#calls = new CallLog();
        return this.#calls;
      },
    });
    this.#gateway.markReady();
  }

  /** Sets the sources of the next requests. */
  useSources(options: FakeSourceOptions): void {
    this.#sourceOptions = options;
  }

  async executePlain(operation: Operation): Promise<PlainResult> {
    const response = await this.#post(operation, "application/json");
    const { data, errors = [] } = JSON.parse(await response.text());
    if (data === undefined) throw new Error(`The operation is invalid: ${JSON.stringify(errors)}`);
    return { data, errors, calls: this.#calls.entries };
  }

  async executeIncremental(operation: Operation, format: Format): Promise<IncrementalResult> {
    const response = await this.#post(operation, formats[format].accept);
    const type = response.headers.get("content-type") ?? "";
    if (!type.startsWith("multipart/mixed")) throw new Error(`Expected multipart/mixed, got ${type}.`);
    const payloads: readonly unknown[] = await collect(readMultipart(response));
    return { payloads, calls: this.#calls.entries };
  }

  close(): Promise<void> {
    return this.#gateway.close();
  }

  #post(operation: Operation, accept: string): Promise<Response> {
    const request = new Request("http://random.test/graphql", {
      method: "POST",
      headers: { "content-type": "application/json", accept },
      body: JSON.stringify(operation),
    });
    return this.#gateway.fetch(request);
  }
}
