import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { access } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { onCores } from "../processes/cores.ts";
import type { CaseName } from "./cases.ts";
import type { ExecutionRound, WorkerRequest, WorkerResponse } from "./worker-loop.ts";

const fileOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const ownWorker = fileOf("./own-worker.ts");
const peerWorker = fileOf("../peers/execution.js");

/** The executors by their name for `--only`. The first one is the reference. */
export const executors = {
  "graphql-js": { title: "graphql-js 17", file: ownWorker },
  ours: { title: "Tributary", file: ownWorker },
  "graphql-jit": { title: "graphql-jit", file: peerWorker },
  "graphql-tools": { title: "@graphql-tools/executor", file: peerWorker },
  "by-hand": { title: "by hand", file: ownWorker },
} as const;

export type ExecutorName = keyof typeof executors;

/** An executor with one case, in a process of its own, so that the JIT compiler has no type feedback from other cases. */
export interface Executor {
  readonly name: ExecutorName;
  readonly title: string;
  result(): Promise<{ readonly text: string; readonly hash: string }>;
  round(durationMs: number): Promise<ExecutionRound>;
  /** Bytes that one execution allocates. */
  memory(): Promise<number>;
  stop(): void;
}

export interface ExecutorOptions {
  readonly cores: readonly number[] | undefined;
  /** Whether it measures memory instead of time. */
  readonly forMemory?: boolean;
}

/** @throws Error with the reason if the executor is not available for this machine or this case */
export async function startExecutor(
  name: ExecutorName,
  caseName: CaseName,
  size: number,
  { cores, forMemory = false }: ExecutorOptions,
): Promise<Executor> {
  const { title, file } = executors[name];
  await access(file);
  // Memory needs a young generation that is large enough for one execution without a collection.
  const flags = forMemory ? ["--expose-gc", "--min-semi-space-size=128", "--max-semi-space-size=128"] : [];
  const [program = "", ...args] = onCores(cores, [process.execPath, ...flags, file, name, caseName, String(size)]);
  const child = spawn(program, args, {
    env: { ...process.env, NODE_ENV: "production" },
    stdio: ["ignore", "inherit", "pipe", "ipc"],
  });
  const ready = await nextResponse(child);
  if (ready.kind === "failed") {
    child.disconnect();
    throw new Error(ready.reason);
  }
  return {
    name,
    title,
    result: () => request(child, { kind: "result" }, "result"),
    round: (durationMs) => request(child, { kind: "round", durationMs }, "round"),
    memory: async () => (await request(child, { kind: "memory" }, "memory")).bytes,
    stop: () => child.connected && child.disconnect(),
  };
}

type ResponseOf<Kind extends WorkerResponse["kind"]> = Extract<WorkerResponse, { readonly kind: Kind }>;

async function request<Kind extends WorkerResponse["kind"]>(
  child: ChildProcess,
  message: WorkerRequest,
  kind: Kind,
): Promise<ResponseOf<Kind>> {
  const next = nextResponse(child);
  child.send(message);
  const response = await next;
  if (response.kind !== kind) throw new Error(`Expected a response of kind ${kind}, got ${response.kind}.`);
  return response as ResponseOf<Kind>;
}

async function nextResponse(child: ChildProcess): Promise<WorkerResponse> {
  const done = new AbortController();
  const { signal } = done;
  let output = "";
  child.stderr?.on("data", (text) => {
    output = `${output}${text}`.slice(-500);
  });
  const exited = once(child, "exit", { signal }).then((): [WorkerResponse] => [
    { kind: "failed", reason: output || "it exited" },
  ]);
  const [response]: WorkerResponse[] = await Promise.race([once(child, "message", { signal }), exited]);
  done.abort();
  exited.catch(() => undefined);
  if (response === undefined) throw new Error("Expected a response of a worker, got none.");
  return response;
}
