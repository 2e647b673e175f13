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
  /** Asks over a connection of its own: the workers take turns at those. */
  ask(query: string): Promise<Answer>;
  ready(): Promise<{ readonly status: number; readonly body: unknown }>;
  /** The processes of the workers. */
  workerPids(): Promise<number[]>;
  /** The version of workers from now on: the content of `version`, or the way their start fails. */
  setVersion(version: string): void;
}

export interface Answer {
  readonly status: number;
  readonly data: Readonly<Record<string, unknown>> | undefined;
}

/** Where workers read their version. */
export function versionFile(version = ""): string {
  const folder = mkdtempSync(join(tmpdir(), "toy-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "version");
  writeFileSync(file, version);
  return file;
}

/** Many processes load the same code: it is compiled once. */
const compiled = { NODE_COMPILE_CACHE: join(tmpdir(), "toy-server-compiled") };

/** How long a poll may take: several processes start and end meanwhile, on a machine that does other things too. */
export const patience = { timeout: 30_000 };

export const toyServer = "packages/tributary-graphql/test/gateway/cluster/support/toy-server.ts";

/** A toy server of several processes, when it is ready. */
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

/** Fails when the connection does, before or after it has answered. */
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
  /** Stops asking, and gives how many answers came, by what they were. */
  stop(): Promise<Readonly<Record<string, number>>>;
  /** Fulfils when so many more answers have come. */
  answers(count: number): Promise<void>;
}

/**
 * Clients that ask one question after another: `kept` of them keep their connection, as many connect for each question,
 * and one more asks for /health/ready on a connection that it keeps.
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
