import { collect, readMultipart } from "tributary-testing/read-stream.ts";
import { addressIn, childrenOf, isRunning, runServer } from "tributary-testing/server-process.ts";
import { postInit, type ToyAnswer, type ToyError } from "tributary-testing/toy-gateway.ts";
import { expect, test } from "vitest";
import { largeQueries, ordinaryQueries } from "../bench/soak/queries.ts";
import { useAtlasUrl } from "./support/databases.ts";

const databaseUrl = useAtlasUrl("sqlite");

const requestTimeoutMs = 3_000;
/** Clients that each ask an ordinary query as soon as the one before is answered. */
const bystanders = 2;
/** Of bystanders, while one large query runs for half of the deadline or longer. */
const leastAnswers = 4;
/** Of a bystander's wait. Half a deadline more than it, for a machine that is late itself. */
const longestWaitMs = 1.5 * requestTimeoutMs;

test.each([["1"], ["2"]])(
  "queries whose lists multiply stop neither the process nor others' queries (WORKERS=%s)",
  async (workers) => {
    const atlas = runServer("server.ts", {
      DATABASE_URL: databaseUrl(),
      WORKERS: workers,
      NODE_OPTIONS: "--max-old-space-size=400",
      REQUEST_TIMEOUT_MS: String(requestTimeoutMs),
      SUN_LATENCY_MS: "5",
    });
    const url = addressIn(await atlas.line("listening on "));
    const processes = await childrenOf(atlas.pid);
    const others = await OtherClients.start(url);
    for (const [name, query] of Object.entries(largeQueries)) {
      const before = others.answered;
      const started = performance.now();
      expectBounded(name, await askLarge(url, query));
      const isLong = performance.now() - started >= requestTimeoutMs / 2;
      if (isLong) expect(others.answered - before, name).toBeGreaterThanOrEqual(leastAnswers);
    }
    await others.stop();
    expect(others.wrong).toEqual([]);
    expect(others.longestMs).toBeLessThan(longestWaitMs);
    expect(isRunning(atlas.pid)).toBe(true);
    expect(await childrenOf(atlas.pid)).toEqual(processes);
    expect(atlas.text()).not.toMatch(/heap out of memory|"level":60/);
  },
  120_000,
);

/** The payloads of a large query's answer, which has to be complete as HTTP and as a stream. */
async function askLarge(url: string, query: string): Promise<readonly ToyAnswer[]> {
  const accept = query.includes("@") ? "multipart/mixed" : "application/json";
  const response = await fetch(url, postInit(query, { accept }));
  expect(response.status).toBe(200);
  const type = response.headers.get("content-type") ?? "";
  return type.startsWith("multipart/") ? collect(readMultipart(response)) : [(await response.json()) as ToyAnswer];
}

/** That it was executed, and was answered in full or up to a limit. */
function expectBounded(name: string, payloads: readonly ToyAnswer[]): void {
  const parts = payloads.flatMap((payload) => [payload, ...(payload.incremental ?? [])]);
  const errors = parts.flatMap((part): readonly ToyError[] => part.errors ?? []);
  const codes = new Set(errors.map(({ extensions }) => extensions.code));
  for (const code of codes) expect(["LIMIT_EXCEEDED", "OVERLOADED", "DEADLINE_EXCEEDED"], name).toContain(code);
  // One may be of the answer itself: that errors are left out, or that a stream ended before it was complete.
  expect(errors.filter(({ path }) => path === undefined || path.length === 0).length, name).toBeLessThanOrEqual(1);
  if (errors.length === 0) expect(payloads[0]?.data, name).toBeTruthy();
  // No limit of Atlas has space for these.
  if (name.includes("borders")) expect(errors, name).not.toEqual([]);
}

/** Clients with ordinary queries, whose answers are known from before there was any load. */
class OtherClients {
  answered = 0;
  longestMs = 0;
  readonly wrong: string[] = [];
  readonly #url: string;
  readonly #expected: ReadonlyMap<string, string>;
  readonly #clients: readonly Promise<void>[];
  #isOver = false;

  static async start(url: string): Promise<OtherClients> {
    const expected = new Map<string, string>();
    for (const query of ordinaryQueries) expected.set(query, await answerTo(url, query));
    for (const text of expected.values()) expect(text).toMatch(/^200 \{"data":\{(?!.*"errors")/);
    return new OtherClients(url, expected);
  }

  private constructor(url: string, expected: ReadonlyMap<string, string>) {
    this.#url = url;
    this.#expected = expected;
    this.#clients = Array.from({ length: bystanders }, (_, client) => this.#run(client));
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#clients);
  }

  async #run(client: number): Promise<void> {
    for (let number = client; !this.#isOver; number++) {
      const query = ordinaryQueries[number % ordinaryQueries.length] ?? "";
      const started = performance.now();
      // Named, so that no two of them share an execution.
      const answer = await answerTo(this.#url, `query C${client}N${number} ${query}`).catch(String);
      this.longestMs = Math.max(this.longestMs, performance.now() - started);
      this.answered++;
      if (answer !== this.#expected.get(query)) this.wrong.push(`${query}: ${answer}`);
    }
  }
}

async function answerTo(url: string, query: string): Promise<string> {
  const response = await fetch(url, postInit(query, { accept: "application/json" }));
  return `${response.status} ${await response.text()}`;
}
