import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { access } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { onCores } from "../processes/cores.ts";
import type { CaseName } from "./cases.ts";
import type { ExecutionRound, WorkerAnswer, WorkerOrder } from "./worker-loop.ts";

const fileOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const ownWorker = fileOf("./own-worker.ts");
const peerWorker = fileOf("../peers/execution.js");

/** The executors, by their name on the command line. The others are compared with the first one. */
export const executors = {
  "graphql-js": { title: "graphql-js 17", file: ownWorker },
  ours: { title: "Tributary", file: ownWorker },
  "graphql-jit": { title: "graphql-jit", file: peerWorker },
  "graphql-tools": { title: "@graphql-tools/executor", file: peerWorker },
  "by-hand": { title: "by hand", file: ownWorker },
} as const;

export type ExecutorName = keyof typeof executors;

/** An executor in a process of its own, at one case: what one runs must not shape how another is compiled. */
export interface Executor {
  readonly name: ExecutorName;
  readonly title: string;
  answer(): Promise<{ readonly text: string; readonly hash: string }>;
  round(durationMs: number): Promise<ExecutionRound>;
  /** Bytes that one execution allocates. */
  memory(): Promise<number>;
  stop(): void;
}

export interface ExecutorOptions {
  readonly cores: readonly number[] | undefined;
  /** Whether it will be asked for the memory of an execution, and not be timed. */
  readonly forMemory?: boolean;
}

/** @throws Error that says why there is none on this machine, or none for this case */
export async function startExecutor(
  name: ExecutorName,
  caseName: CaseName,
  size: number,
  { cores, forMemory = false }: ExecutorOptions,
): Promise<Executor> {
  const { title, file } = executors[name];
  await access(file);
  // For what one execution allocates, a young generation that takes it all; for its time the usual one.
  const flags = forMemory ? ["--expose-gc", "--min-semi-space-size=128", "--max-semi-space-size=128"] : [];
  const [program = "", ...args] = onCores(cores, [process.execPath, ...flags, file, name, caseName, String(size)]);
  const child = spawn(program, args, {
    env: { ...process.env, NODE_ENV: "production" },
    stdio: ["ignore", "inherit", "pipe", "ipc"],
  });
  const ready = await nextAnswer(child);
  if (ready.kind === "failed") {
    child.disconnect();
    throw new Error(ready.reason);
  }
  return {
    name,
    title,
    answer: () => ask(child, { kind: "answer" }, "answer"),
    round: (durationMs) => ask(child, { kind: "round", durationMs }, "round"),
    memory: async () => (await ask(child, { kind: "memory" }, "memory")).bytes,
    stop: () => child.connected && child.disconnect(),
  };
}

type AnswerOf<Kind extends WorkerAnswer["kind"]> = Extract<WorkerAnswer, { readonly kind: Kind }>;

async function ask<Kind extends WorkerAnswer["kind"]>(
  child: ChildProcess,
  order: WorkerOrder,
  kind: Kind,
): Promise<AnswerOf<Kind>> {
  const answered = nextAnswer(child);
  child.send(order);
  const answer = await answered;
  if (answer.kind !== kind) throw new Error(`Expected an answer of kind ${kind}, got ${answer.kind}.`);
  return answer as AnswerOf<Kind>;
}

async function nextAnswer(child: ChildProcess): Promise<WorkerAnswer> {
  const over = new AbortController();
  const { signal } = over;
  let said = "";
  child.stderr?.on("data", (text) => {
    said = `${said}${text}`.slice(-500);
  });
  const ended = once(child, "exit", { signal }).then((): [WorkerAnswer] => [
    { kind: "failed", reason: said || "it ended" },
  ]);
  const [answer]: WorkerAnswer[] = await Promise.race([once(child, "message", { signal }), ended]);
  over.abort();
  ended.catch(() => undefined);
  if (answer === undefined) throw new Error("Expected an answer of a worker, got none.");
  return answer;
}
