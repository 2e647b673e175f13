import { collect, readMultipart } from "tributary-testing/read-stream.ts";
import { addressIn, childrenOf, isRunning, runServer } from "tributary-testing/server-process.ts";
import { postInit, type ToyAnswer, type ToyError } from "tributary-testing/toy-gateway.ts";
import { expect, test } from "vitest";
import { largeQueries, ordinaryQueries } from "../bench/soak/queries.ts";
import { useAtlasUrl } from "./support/databases.ts";

const databaseUrl = useAtlasUrl("sqlite");

const requestTimeoutMs = 3_000;
/** Number of clients with ordinary queries, each in a closed loop. */
const ordinaryClients = 2;
/** Minimum number of ordinary responses during a large query that takes at least half of the deadline. */
const minResponses = 4;
/** Maximum latency of an ordinary query: the deadline, and half of it as a margin for a slow machine. */
const maxLatencyMs = 1.5 * requestTimeoutMs;

test.each([["1"], ["2"]])(
  "queries with nested lists that multiply do not stop the process or the queries of other clients (WORKERS=%s)",
  async (workers) => {
    const atlas = runServer("server.ts", {
      DATABASE_URL: databaseUrl(),
      WORKERS: workers,
      NODE_OPTIONS: "--max-old-space-size=400",
      REQUEST_TIMEOUT_MS: String(requestTimeoutMs),
      SUN_LATENCY_MS: "5",
      // The cost of these queries is refused by default; this is about the limits behind it.
      MAX_COST: "off",
    });
    const url = addressIn(await atlas.line("listening on "));
    const processes = await childrenOf(atlas.pid);
    const others = await OrdinaryClients.start(url);
    for (const [name, query] of Object.entries(largeQueries)) {
      const before = others.responses;
      const started = performance.now();
      expectBounded(name, await executeLarge(url, query));
      const isLong = performance.now() - started >= requestTimeoutMs / 2;
      if (isLong) expect(others.responses - before, name).toBeGreaterThanOrEqual(minResponses);
    }
    await others.stop();
    expect(others.unexpected).toEqual([]);
    expect(others.maxMs).toBeLessThan(maxLatencyMs);
    expect(isRunning(atlas.pid)).toBe(true);
    expect(await childrenOf(atlas.pid)).toEqual(processes);
    expect(atlas.text()).not.toMatch(/heap out of memory|"level":60/);
  },
  120_000,
);

/** The payloads of a large query. Checks that the HTTP response and the stream are complete. */
async function executeLarge(url: string, query: string): Promise<readonly ToyAnswer[]> {
  const accept = query.includes("@") ? "multipart/mixed" : "application/json";
  const response = await fetch(url, postInit(query, { accept }));
  expect(response.status).toBe(200);
  const type = response.headers.get("content-type") ?? "";
  return type.startsWith("multipart/") ? collect(readMultipart(response)) : [(await response.json()) as ToyAnswer];
}

/** Checks that the result is complete, or has only errors about limits. */
function expectBounded(name: string, payloads: readonly ToyAnswer[]): void {
  const parts = payloads.flatMap((payload) => [payload, ...(payload.incremental ?? [])]);
  const errors = parts.flatMap((part): readonly ToyError[] => part.errors ?? []);
  const codes = new Set(errors.map(({ extensions }) => extensions.code));
  for (const code of codes) expect(["LIMIT_EXCEEDED", "OVERLOADED", "DEADLINE_EXCEEDED"], name).toContain(code);
  // At most one error without a path: for omitted errors, or for an incomplete stream.
  expect(errors.filter(({ path }) => path === undefined || path.length === 0).length, name).toBeLessThanOrEqual(1);
  if (errors.length === 0) expect(payloads[0]?.data, name).toBeTruthy();
  // These exceed a limit of Atlas in any case.
  if (name.includes("borders")) expect(errors, name).not.toEqual([]);
}

/** Clients with ordinary queries. The expected responses were recorded without load. */
class OrdinaryClients {
  responses = 0;
  maxMs = 0;
  readonly unexpected: string[] = [];
  readonly #url: string;
  readonly #expected: ReadonlyMap<string, string>;
  readonly #clients: readonly Promise<void>[];
  #isStopped = false;

  static async start(url: string): Promise<OrdinaryClients> {
    const expected = new Map<string, string>();
    for (const query of ordinaryQueries) expected.set(query, await responseTo(url, query));
    for (const text of expected.values()) expect(text).toMatch(/^200 \{"data":\{(?!.*"errors")/);
    return new OrdinaryClients(url, expected);
  }

  private constructor(url: string, expected: ReadonlyMap<string, string>) {
    this.#url = url;
    this.#expected = expected;
    this.#clients = Array.from({ length: ordinaryClients }, (_, client) => this.#run(client));
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all(this.#clients);
  }

  async #run(client: number): Promise<void> {
    for (let number = client; !this.#isStopped; number++) {
      const query = ordinaryQueries[number % ordinaryQueries.length] ?? "";
      const started = performance.now();
      // A unique operation name prevents coalescing.
      const response = await responseTo(this.#url, `query C${client}N${number} ${query}`).catch(String);
      this.maxMs = Math.max(this.maxMs, performance.now() - started);
      this.responses++;
      if (response !== this.#expected.get(query)) this.unexpected.push(`${query}: ${response}`);
    }
  }
}

async function responseTo(url: string, query: string): Promise<string> {
  const response = await fetch(url, postInit(query, { accept: "application/json" }));
  return `${response.status} ${await response.text()}`;
}
