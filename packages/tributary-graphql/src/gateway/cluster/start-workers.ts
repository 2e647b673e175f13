import type { ListeningAddress } from "./messages.ts";
import type { WorkerProcess } from "./worker-process.ts";

/**
 * Starts all workers of a new cluster. They listen before they open, so that a busy port fails at once and health checks
 * get a response while `prepare` runs, which may take long (it may fill a database).
 *
 * @throws Error with one line: the first failure, or the exit of a worker
 */
export async function startAll<Shared>(
  workers: readonly WorkerProcess[],
  port: number,
  prepare: () => Promise<Shared>,
): Promise<{ readonly address: ListeningAddress; readonly shared: Shared }> {
  return await Promise.race([listenAndOpen(workers, port, prepare), ...workers.map(rejectOnExit)]);
}

async function listenAndOpen<Shared>(workers: readonly WorkerProcess[], port: number, prepare: () => Promise<Shared>) {
  const [address] = await Promise.all(workers.map((worker) => worker.listen(port)));
  if (address === undefined) throw new Error("Expected at least one worker, got 0.");
  const shared = await prepare();
  await Promise.all(workers.map((worker) => worker.open(shared)));
  return { address, shared };
}

async function rejectOnExit(worker: WorkerProcess): Promise<never> {
  throw worker.exitError(await worker.exited);
}

export interface ReplacementStart {
  readonly shared: unknown;
  /** The port to listen on, read after the worker has opened. */
  port(): number;
  /** The port of the cluster; the worker has to get this one. */
  readonly boundPort: number;
  readonly timeoutMs: number;
}

/**
 * Starts a worker in a running cluster. It opens before it listens: otherwise it would refuse requests with 503.
 * @throws Error with one line: why the worker cannot serve
 */
export async function startReplacement(
  worker: WorkerProcess,
  { shared, port, boundPort, timeoutMs }: ReplacementStart,
) {
  const timer = setTimeout(() => worker.kill(`It was not ready within ${timeoutMs} ms.`), timeoutMs);
  try {
    await worker.open(shared);
    const address = await worker.listen(port());
    if (address.port !== boundPort)
      throw new Error(`Expected the worker to listen on port ${boundPort}, got ${address.port}.`);
  } finally {
    clearTimeout(timer);
  }
}
