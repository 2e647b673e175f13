import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  addressIn,
  childrenOf,
  type RunOptions,
  runServer,
  type ServerProcess,
} from "tributary-testing/server-process.ts";
import { Agent, request } from "undici";
import { onTestFinished } from "vitest";

export interface Toy extends ServerProcess {
  readonly url: string;
  /** Sends a query over a new connection. The cluster assigns connections round-robin. */
  ask(query: string): Promise<Answer>;
  ready(): Promise<{ readonly status: number; readonly body: unknown }>;
  workerPids(): Promise<number[]>;
  /** Sets the version of workers that start from now on, or how their start fails. */
  setVersion(version: string): void;
}

export interface Answer {
  readonly status: number;
  readonly data: Readonly<Record<string, unknown>> | undefined;
}

/** The file that workers read their version from. */
export function versionFile(version = ""): string {
  const folder = mkdtempSync(join(tmpdir(), "toy-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "version");
  writeFileSync(file, version);
  return file;
}

/** Many processes load the same code, which Node then compiles once. */
const compiled = { NODE_COMPILE_CACHE: join(tmpdir(), "toy-server-compiled") };

/** The timeout of polls. Several processes start and exit meanwhile, on a machine that may be busy. */
export const pollOptions = { timeout: 30_000 };

export const toyServer = "packages/tributary-graphql/test/gateway/cluster/support/toy-server.ts";

/** Starts the toy server with its workers. Fulfils when it is ready. */
export async function runToy(environment: Readonly<Record<string, string>> = {}, options?: RunOptions): Promise<Toy> {
  const file = versionFile();
  const run = runServer(toyServer, { TOY_VERSION: file, ...compiled, ...environment }, options);
  const url = addressIn(await run.line("listening on "));
  const ready = new URL("/health/ready", url);
  return {
    ...run,
    url,
    ask: (query) => askOver(new Agent({ pipelining: 0 }), url, query),
    async ready() {
      const { statusCode, body } = await request(ready, { reset: true });
      return { status: statusCode, body: await body.json() };
    },
    workerPids: () => childrenOf(run.pid),
    setVersion: (version) => writeFileSync(file, version),
  };
}

/** Rejects when the connection fails, before or after the response. */
export async function askOver(dispatcher: Agent, url: string, query: string): Promise<Answer> {
  const { statusCode, body } = await request(url, {
    dispatcher,
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query }),
  });
  const { data } = (await body.json()) as { data?: Answer["data"] };
  return { status: statusCode, data };
}

export interface Load {
  /** Stops the clients. Fulfils with the number of responses by outcome, such as `kept: 200`. */
  stop(): Promise<Readonly<Record<string, number>>>;
  /** Fulfils after this number of further responses. */
  answers(count: number): Promise<void>;
}

/**
 * Starts clients that send one query after another: `kept` of them reuse a connection, as many open one per query, and one
 * more requests /health/ready on a connection that it reuses.
 */
export function startLoad(url: string, kept: number): Load {
  const outcomes: Record<string, number> = {};
  const waiting: { left: number; resolve: () => void }[] = [];
  let isStopped = false;
  const count = (outcome: string) => {
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    for (const one of waiting) if (--one.left === 0) one.resolve();
  };
  const run = async (name: string, pipelining: 0 | 1, ask: (agent: Agent) => Promise<number>) => {
    const agent = new Agent({ connections: 1, pipelining });
    while (!isStopped)
      count(
        await ask(agent).then(
          (status) => `${name}: ${status}`,
          (error) => `${name}: ${error.code ?? error.message}`,
        ),
      );
    await agent.close();
  };
  const askGraph = async (dispatcher: Agent) => {
    const { status, data } = await askOver(dispatcher, url, "{ waitedMs(value: 20) }");
    return data?.waitedMs === 20 ? status : Number.NaN;
  };
  const askHealth = async (dispatcher: Agent) => {
    const { statusCode, body } = await request(new URL("/health/ready", url), { dispatcher });
    await body.dump();
    await askGraph(dispatcher);
    return statusCode;
  };
  const clients = Array.from({ length: kept }).flatMap(() => [run("kept", 1, askGraph), run("new", 0, askGraph)]);
  const running = [...clients, run("health", 1, askHealth)];
  return {
    answers: (left) => new Promise((resolve) => void waiting.push({ left, resolve })),
    async stop() {
      isStopped = true;
      await Promise.all(running);
      return outcomes;
    },
  };
}
