import { createHash } from "node:crypto";

/** The messages to a worker. */
export type WorkerRequest =
  | { readonly kind: "result" }
  | { readonly kind: "round"; readonly durationMs: number }
  | { readonly kind: "memory" };

export type WorkerResponse =
  | { readonly kind: "ready" }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "result"; readonly text: string; readonly hash: string }
  | ({ readonly kind: "round" } & ExecutionRound)
  | { readonly kind: "memory"; readonly bytes: number };

/** Means of one round, in microseconds per execution. */
export interface ExecutionRound {
  readonly wallUs: number;
  /** CPU time of the process, including garbage collection. */
  readonly cpuUs: number;
}

/** Executes the operation, and returns the result. */
export type Execute = () => unknown;

/** Handles the requests of the parent process, until the parent exits. */
export async function runWorker(prepare: () => Promise<Execute>): Promise<void> {
  process.on("disconnect", () => process.exit());
  try {
    const execute = await prepare();
    process.on("message", async (request: WorkerRequest) => send(await handle(request, execute)));
    send({ kind: "ready" });
  } catch (error) {
    send({ kind: "failed", reason: error instanceof Error ? error.message : String(error) });
  }
}

const send = (response: WorkerResponse): void => void process.send?.(response);

async function handle(request: WorkerRequest, execute: Execute): Promise<WorkerResponse> {
  switch (request.kind) {
    case "result": {
      const text = JSON.stringify(await execute());
      return { kind: "result", text: text.slice(0, 200), hash: createHash("sha256").update(text).digest("hex") };
    }
    case "round":
      return { kind: "round", ...(await timeRound(execute, request.durationMs)) };
    case "memory":
      return { kind: "memory", bytes: await allocatedBytes(execute) };
    default:
      return request satisfies never;
  }
}

async function timeRound(execute: Execute, durationMs: number): Promise<ExecutionRound> {
  const startedAt = performance.now();
  const usage = process.cpuUsage();
  let executions = 0;
  while (performance.now() - startedAt < durationMs) {
    const result = execute();
    // Awaiting a value that is not a promise would cost a microtask.
    if (result instanceof Promise) await result;
    executions += 1;
  }
  const { user, system } = process.cpuUsage(usage);
  return { wallUs: ((performance.now() - startedAt) * 1000) / executions, cpuUs: (user + system) / executions };
}

/** The growth of the heap by one execution, without a garbage collection in between. */
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
