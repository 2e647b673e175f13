import type { ListeningAddress } from "./messages.ts";
import type { WorkerProcess } from "./worker-process.ts";

/**
 * The first workers of all listen before they are open, so that a port in use is noticed at once, and so that health
 * checks are answered while `prepare` runs, which may fill a database.
 *
 * @throws Error with the one line of what failed first, also when a worker ends meanwhile
 */
export async function startTogether<Shared>(
  workers: readonly WorkerProcess[],
  port: number,
  prepare: () => Promise<Shared>,
): Promise<{ readonly address: ListeningAddress; readonly shared: Shared }> {
  return await Promise.race([listenAndOpen(workers, port, prepare), ...workers.map(endOf)]);
}

async function listenAndOpen<Shared>(workers: readonly WorkerProcess[], port: number, prepare: () => Promise<Shared>) {
  const [address] = await Promise.all(workers.map((worker) => worker.listen(port)));
  if (address === undefined) throw new Error("Expected at least one worker, got 0.");
  const shared = await prepare();
  await Promise.all(workers.map((worker) => worker.open(shared)));
  return { address, shared };
}

async function endOf(worker: WorkerProcess): Promise<never> {
  throw worker.endedEarly(await worker.exited);
}

export interface LateStart {
  readonly shared: unknown;
  /** The address that the worker listens at, when it is open. */
  port(): number;
  /** The port that this has to be. */
  readonly boundPort: number;
  readonly timeoutMs: number;
}

/**
 * A worker that joins others is open before it listens: until then it would refuse what they serve.
 *
 * @throws Error with the one line of why it cannot serve
 */
export async function startLate(worker: WorkerProcess, { shared, port, boundPort, timeoutMs }: LateStart) {
  const timer = setTimeout(() => worker.kill(`It was not ready within ${timeoutMs} ms.`), timeoutMs);
  try {
    await worker.open(shared);
    const address = await worker.listen(port());
    if (address.port !== boundPort) throw new Error(`Expected it to listen at port ${boundPort}, got ${address.port}.`);
  } finally {
    clearTimeout(timer);
  }
}
