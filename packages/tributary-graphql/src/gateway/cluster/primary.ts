import cluster from "node:cluster";
import { setMaxListeners } from "node:events";
import type { Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import type { LifecycleState } from "../http/lifecycle.ts";
import { prometheusText } from "../telemetry/metrics/prometheus-text.ts";
import { ClusterFigures } from "./cluster-figures.ts";
import { clusterStateOf } from "./cluster-state.ts";
import { type HeartbeatSettings, isHung } from "./heartbeat.ts";
import type { ListeningAddress } from "./messages.ts";
import { startAll, startReplacement } from "./start-workers.ts";
import { type WorkerExit, WorkerProcess } from "./worker-process.ts";
import { WorkerSlot } from "./worker-slot.ts";

export interface PrimaryOptions<Shared> {
  /** Number of workers. */
  readonly workers: number;
  /** The port that all workers share; 0 picks a free one. */
  readonly port: number;
  /** Has to write to `output`, as the workers' lines do. */
  readonly logger: Logger;
  /** Default `process.stdout`. */
  readonly output?: Writable;
  /** Opens the shared resources, once, after the workers listen. Every worker, later ones too, gets the result as JSON. */
  prepare(): Promise<Shared>;
  readonly timing?: Partial<PrimaryTiming>;
}

export interface PrimaryTiming {
  /** How long a replacement worker may take until it is ready, in milliseconds. Default 120,000. */
  readonly startTimeoutMs: number;
  /** How long the graceful shutdown of a worker may take before it is killed, in milliseconds. Default 30,000. */
  readonly finishTimeoutMs: number;
  /** Default: a worker is killed after six waits of 5 seconds without a reply. */
  readonly heartbeat: HeartbeatSettings;
}

const defaultTiming: PrimaryTiming = {
  startTimeoutMs: 120_000,
  finishTimeoutMs: 30_000,
  heartbeat: { everyMs: 5_000, missesAllowed: 6 },
};

/** The primary of a cluster whose workers serve one port: it starts, replaces and restarts them. */
export class Primary<Shared> {
  readonly #options: PrimaryOptions<Shared>;
  readonly #timing: PrimaryTiming;
  readonly #slots: readonly WorkerSlot[];
  /** All running workers, including those that start or shut down. */
  readonly #processes = new Set<WorkerProcess>();
  readonly #figures = new ClusterFigures<WorkerProcess>();
  readonly #closing = new AbortController();
  #state: LifecycleState = "starting";
  /** The port that workers are told to listen on; 0 picks a free one. */
  #port: number;
  #boundPort = 0;
  #shared: Shared | undefined;
  #isRolling = false;

  constructor(options: PrimaryOptions<Shared>) {
    this.#options = options;
    this.#timing = { ...defaultTiming, ...options.timing };
    this.#port = options.port;
    this.#slots = Array.from({ length: options.workers }, (_, index) => new WorkerSlot(index + 1));
  }

  /**
   * Starts all workers. Fulfils with their address when all are ready.
   * @throws Error with one line: what failed to open, or how a worker exited. The caller still has to call `close`.
   */
  async start(): Promise<ListeningAddress> {
    cluster.setupPrimary({ stdio: ["ignore", "pipe", "pipe", "ipc"] });
    prepareOutputs();
    process.once("exit", () => this.kill());
    const workers = this.#slots.map((slot) => this.#fork(slot));
    const { address, shared } = await startAll(workers, this.#port, this.#options.prepare);
    this.#boundPort = address.port;
    this.#shared = shared;
    for (const [index, slot] of this.#slots.entries()) this.#assign(slot, workers[index]);
    this.#state = "ready";
    this.#tellState();
    this.#options.logger.info({ workers: workers.length, url: address.url }, "all workers are ready");
    void this.#replaceOutdated();
    return address;
  }

  /**
   * Starts a rolling restart: replaces the workers one after another by new ones, which load the current files. Each
   * replacement is ready before the old worker retires. A call during a restart also replaces the workers that are new
   * already; each remaining old worker is replaced once.
   */
  restart(): void {
    if (this.#state === "draining") return;
    for (const worker of this.#processes) worker.isOutdated = true;
    if (this.#state === "ready") void this.#replaceOutdated();
  }

  /** Drains all workers. Fulfils when all have exited. */
  async close(): Promise<void> {
    this.#state = "draining";
    this.#closing.abort();
    this.#tellState();
    await Promise.all([...this.#processes].map((worker) => this.#finish(worker, "close")));
  }

  /** The metrics of all workers together, those that have exited too, in Prometheus' text format. */
  async metrics(): Promise<string> {
    return prometheusText(await this.#figures.read());
  }

  /** Kills all workers. */
  kill(): void {
    for (const worker of this.#processes) worker.kill();
  }

  #fork(slot: WorkerSlot): WorkerProcess {
    const worker = new WorkerProcess(slot.number, this.#options.output ?? process.stdout);
    this.#processes.add(worker);
    worker.tell({ state: this.#clusterState() });
    worker.onReplacementWanted(() => {
      worker.isOutdated = true;
      if (this.#state === "ready") void this.#replaceOutdated();
    });
    worker.onCharges((message) => {
      for (const other of this.#processes) if (other !== worker) other.tell(message);
    });
    this.#figures.add(worker);
    worker.onLastFigures((figures) => this.#figures.set(worker, figures));
    worker.onMetricsWanted(() => this.metrics());
    void worker.exited.then(() => this.#processes.delete(worker));
    return worker;
  }

  /** Puts a ready worker into its slot. From now on its exit is unexpected and leads to a restart. */
  #assign(slot: WorkerSlot, worker: WorkerProcess | undefined): void {
    if (worker === undefined) return;
    slot.worker = worker;
    slot.servesSince = performance.now();
    void worker.exited.then((exit) => this.#lose(slot, worker, exit));
    void this.#killWhenHung(worker);
    this.#tellState();
    // A rolling restart may have begun while this worker was starting.
    if (worker.isOutdated) void this.#replaceOutdated();
  }

  async #killWhenHung(worker: WorkerProcess): Promise<void> {
    const { everyMs, missesAllowed } = this.#timing.heartbeat;
    if (await isHung(worker, this.#timing.heartbeat))
      worker.kill(`It did not respond for ${everyMs * missesAllowed} ms.`);
  }

  /** Does nothing when the slot has a new worker: the exit was wanted then. */
  #lose(slot: WorkerSlot, worker: WorkerProcess, { code, signal }: WorkerExit): void {
    if (slot.worker !== worker) return;
    slot.worker = undefined;
    if (this.#state === "draining") return;
    const waitMs = slot.backoff.delayAfter(performance.now() - slot.servesSince);
    const { pid, killedBecause: reason } = worker;
    this.#options.logger.error(
      { worker: slot.number, workerPid: pid, code, signal, reason, replacedInMs: waitMs },
      "a worker exited unexpectedly",
    );
    this.#tellState();
    // The last listening worker releases the port, so its replacement has to ask for the same number.
    if (![...this.#processes].some(({ isListening }) => isListening)) this.#port = this.#boundPort;
    void this.#fill(slot, waitMs);
  }

  /** Starts workers for an empty slot until one is ready, or the cluster closes. */
  async #fill(slot: WorkerSlot, firstWaitMs: number): Promise<void> {
    for (let waitMs = firstWaitMs; !slot.isFilling && slot.worker === undefined; ) {
      await delay(waitMs, undefined, { signal: this.#closing.signal }).catch(() => undefined);
      if (this.#state === "draining" || (await this.#startIn(slot))) return;
      waitMs = slot.backoff.delayAfter(0);
    }
  }

  /** Starts a worker for a slot, then retires the one that it replaces. False when the new one cannot serve. */
  async #startIn(slot: WorkerSlot): Promise<boolean> {
    if (slot.isFilling) return true;
    slot.isFilling = true;
    const worker = this.#fork(slot);
    try {
      const ports = { port: () => this.#port, boundPort: this.#boundPort };
      await startReplacement(worker, { shared: this.#shared, ...ports, timeoutMs: this.#timing.startTimeoutMs });
    } catch (error) {
      await this.#giveUp(worker, error);
      return false;
    } finally {
      slot.isFilling = false;
    }
    // `close` shuts this worker down as well.
    if (this.#state === "draining") return false;
    const previous = slot.worker;
    this.#assign(slot, worker);
    if (previous) await this.#finish(previous, "retire");
    return true;
  }

  async #giveUp(worker: WorkerProcess, error: unknown): Promise<void> {
    if (this.#state === "draining") return;
    const reason = error instanceof Error ? error.message : String(error);
    this.#options.logger.error({ worker: worker.slot, workerPid: worker.pid, reason }, "a worker did not start");
    await this.#finish(worker, "close");
  }

  async #replaceOutdated(): Promise<void> {
    if (this.#isRolling) return;
    this.#isRolling = true;
    const { logger } = this.#options;
    const startedAt = performance.now();
    let replaced = 0;
    for (let slot = this.#nextOutdated(); slot !== undefined; slot = this.#nextOutdated()) {
      if (await this.#startIn(slot)) {
        replaced += 1;
        continue;
      }
      if (this.#state === "draining") break;
      logger.error("the rolling restart was aborted: the remaining workers keep serving");
      for (const worker of this.#processes) worker.isOutdated = false;
      if (slot.worker === undefined) void this.#fill(slot, slot.backoff.delayAfter(0));
    }
    this.#isRolling = false;
    if (replaced > 0)
      logger.info({ replaced, durationMs: Math.round(performance.now() - startedAt) }, "workers were replaced");
  }

  #nextOutdated(): WorkerSlot | undefined {
    if (this.#state !== "ready") return undefined;
    return this.#slots.find(({ worker, isFilling }) => worker?.isOutdated && !isFilling);
  }

  async #finish(worker: WorkerProcess, how: "retire" | "close"): Promise<void> {
    const timer = setTimeout(() => {
      this.#options.logger.warn(
        { worker: worker.slot, workerPid: worker.pid },
        "a worker did not shut down in time: it is killed",
      );
      worker.kill();
    }, this.#timing.finishTimeoutMs);
    await worker[how]();
    clearTimeout(timer);
  }

  #clusterState() {
    const serving = this.#slots.filter(({ worker }) => worker !== undefined).length;
    return clusterStateOf(this.#state, serving, this.#slots.length);
  }

  #tellState(): void {
    const state = this.#clusterState();
    for (const worker of this.#processes) worker.tell({ state });
  }
}

/** Every worker adds a `drain` listener under back-pressure. A reader that closes the pipe must not end this process. */
function prepareOutputs(): void {
  for (const output of [process.stdout, process.stderr]) {
    setMaxListeners(0, output);
    output.on("error", () => {});
  }
}
