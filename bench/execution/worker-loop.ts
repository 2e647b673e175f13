import { createHash } from "node:crypto";

/** The orders to a worker. */
export type WorkerOrder =
  | { readonly kind: "answer" }
  | { readonly kind: "round"; readonly durationMs: number }
  | { readonly kind: "memory" };

export type WorkerAnswer =
  | { readonly kind: "ready" }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "answer"; readonly text: string; readonly hash: string }
  | ({ readonly kind: "round" } & ExecutionRound)
  | { readonly kind: "memory"; readonly bytes: number };

/** Means over one round, in microseconds an execution. */
export interface ExecutionRound {
  readonly wallUs: number;
  /** CPU time of the process, garbage collection included. */
  readonly cpuUs: number;
}

/** Executes once, and gives what a client would get as JSON. */
export type Execute = () => unknown;

/** Answers the parent's orders with an executor, until the parent is gone. */
export async function runWorker(prepare: () => Promise<Execute>): Promise<void> {
  process.on("disconnect", () => process.exit());
  try {
    const execute = await prepare();
    process.on("message", async (order: WorkerOrder) => send(await carryOut(order, execute)));
    send({ kind: "ready" });
  } catch (error) {
    send({ kind: "failed", reason: error instanceof Error ? error.message : String(error) });
  }
}

const send = (answer: WorkerAnswer): void => void process.send?.(answer);

async function carryOut(order: WorkerOrder, execute: Execute): Promise<WorkerAnswer> {
  switch (order.kind) {
    case "answer": {
      const text = JSON.stringify(await execute());
      return { kind: "answer", text: text.slice(0, 200), hash: createHash("sha256").update(text).digest("hex") };
    }
    case "round":
      return { kind: "round", ...(await timeRound(execute, order.durationMs)) };
    case "memory":
      return { kind: "memory", bytes: await allocatedBytes(execute) };
    default:
      return order satisfies never;
  }
}

async function timeRound(execute: Execute, durationMs: number): Promise<ExecutionRound> {
  const startedAt = performance.now();
  const usage = process.cpuUsage();
  let executions = 0;
  while (performance.now() - startedAt < durationMs) {
    const result = execute();
    // Awaiting what is no promise would cost a turn of the event loop.
    if (result instanceof Promise) await result;
    executions += 1;
  }
  const { user, system } = process.cpuUsage(usage);
  return { wallUs: ((performance.now() - startedAt) * 1000) / executions, cpuUs: (user + system) / executions };
}

/** The heap's growth by one execution that no collection interrupts: the worker has a young generation that takes it. */
async function allocatedBytes(execute: Execute): Promise<number> {
  const samples: number[] = [];
  for (let sample = 0; sample < 7; sample += 1) {
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    await execute();
    samples.push(process.memoryUsage().heapUsed - before);
  }
  return samples.sort((one, other) => one - other)[3] ?? Number.NaN;
}
