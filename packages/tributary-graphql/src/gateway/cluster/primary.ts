import cluster from "node:cluster";
import { setMaxListeners } from "node:events";
import type { Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import type { LifecycleState } from "../http/lifecycle.ts";
import { clusterStateOf } from "./cluster-state.ts";
import { type HeartbeatSettings, isHung } from "./heartbeat.ts";
import type { ListeningAddress } from "./messages.ts";
import { startLate, startTogether } from "./start-workers.ts";
import { type WorkerExit, WorkerProcess } from "./worker-process.ts";
import { WorkerSlot } from "./worker-slot.ts";

export interface PrimaryOptions<Shared> {
  /** How many workers serve. */
  readonly workers: number;
  /** The port that all of them share; 0 picks a free one. */
  readonly port: number;
  /** Has to write through `output`, as the lines of the workers do. */
  readonly logger: Logger;
  /** Default `process.stdout`. */
  readonly output?: Writable;
  /** Opens what all workers share, once, after they listen. Each of them, later ones too, is given it as JSON. */
  prepare(): Promise<Shared>;
  readonly timing?: Partial<PrimaryTiming>;
}

export interface PrimaryTiming {
  /** How long a worker that replaces another one may take until it serves, in milliseconds. Default 120,000. */
  readonly startTimeoutMs: number;
  /** After this, a worker that was told to finish is killed, in milliseconds. Default 30,000. */
  readonly finishTimeoutMs: number;
  /** Default: killed after six waits of 5 seconds without a sign. */
  readonly heartbeat: HeartbeatSettings;
}

const defaultTiming: PrimaryTiming = {
  startTimeoutMs: 120_000,
  finishTimeoutMs: 30_000,
  heartbeat: { everyMs: 5_000, missesAllowed: 6 },
};

/** Keeps worker processes serving one port: starts them, replaces those that end, and restarts them in turn. */
export class Primary<Shared> {
  readonly #options: PrimaryOptions<Shared>;
  readonly #timing: PrimaryTiming;
  readonly #slots: readonly WorkerSlot[];
  /** Every process that runs, those that start and those that finish too. */
  readonly #processes = new Set<WorkerProcess>();
  readonly #closing = new AbortController();
  #state: LifecycleState = "starting";
  /** The address that workers listen at. */
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
   * Starts all workers, and gives their address when each is ready.
   *
   * @throws Error with the one line of what could not be had, or with how a worker ended. `close` is still to be called.
   */
  async start(): Promise<ListeningAddress> {
    cluster.setupPrimary({ stdio: ["ignore", "pipe", "pipe", "ipc"] });
    passOnToWhoeverListens();
    process.once("exit", () => this.kill());
    const workers = this.#slots.map((slot) => this.#fork(slot));
    const { address, shared } = await startTogether(workers, this.#port, this.#options.prepare);
    this.#boundPort = address.port;
    this.#shared = shared;
    for (const [index, slot] of this.#slots.entries()) this.#assign(slot, workers[index]);
    this.#state = "ready";
    this.#tellState();
    this.#options.logger.info({ workers: workers.length, url: address.url }, "the workers are ready");
    void this.#replaceOutdated();
    return address;
  }

  /**
   * A rolling restart: one after another the workers are replaced by new ones, which run what the files say now. The new
   * one serves before the old one finishes. Those that a restart has not come to yet are replaced once.
   */
  restart(): void {
    if (this.#state === "draining") return;
    for (const worker of this.#processes) worker.isOutdated = true;
    if (this.#state === "ready") void this.#replaceOutdated();
  }

  /** Has all workers finish what they run, and fulfils when they are gone. */
  async close(): Promise<void> {
    this.#state = "draining";
    this.#closing.abort();
    this.#tellState();
    await Promise.all([...this.#processes].map((worker) => this.#finish(worker, "close")));
  }

  /** Ends all workers at once. */
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
    void worker.exited.then(() => this.#processes.delete(worker));
    return worker;
  }

  /** From here on the worker counts as serving, and is missed when it ends. */
  #assign(slot: WorkerSlot, worker: WorkerProcess | undefined): void {
    if (worker === undefined) return;
    slot.worker = worker;
    slot.servesSince = performance.now();
    void worker.exited.then((exit) => this.#lose(slot, worker, exit));
    void this.#endWhenHung(worker);
    this.#tellState();
    // A restart may have begun while this one was starting.
    if (worker.isOutdated) void this.#replaceOutdated();
  }

  /** One that closes is out of reach, and has its own time. */
  async #endWhenHung(worker: WorkerProcess): Promise<void> {
    const { everyMs, missesAllowed } = this.#timing.heartbeat;
    if (await isHung(worker, this.#timing.heartbeat)) worker.kill(`It gave no sign for ${everyMs * missesAllowed} ms.`);
  }

  /** Does nothing when the worker's slot has been taken: its end was wanted then. */
  #lose(slot: WorkerSlot, worker: WorkerProcess, { code, signal }: WorkerExit): void {
    if (slot.worker !== worker) return;
    slot.worker = undefined;
    if (this.#state === "draining") return;
    const waitMs = slot.backOff.delayAfter(performance.now() - slot.servesSince);
    const { pid, killedBecause: reason } = worker;
    this.#options.logger.error(
      { worker: slot.number, workerPid: pid, code, signal, reason, replacedInMs: waitMs },
      "a worker ended by itself",
    );
    this.#tellState();
    // The port goes with the last one that listens. A free port that was picked has to be picked again by its number.
    if (![...this.#processes].some(({ isListening }) => isListening)) this.#port = this.#boundPort;
    void this.#fill(slot, waitMs);
  }

  /** Starts workers for an empty slot until one serves, or all is over. */
  async #fill(slot: WorkerSlot, firstWaitMs: number): Promise<void> {
    for (let waitMs = firstWaitMs; !slot.isFilling && slot.worker === undefined; ) {
      await delay(waitMs, undefined, { signal: this.#closing.signal }).catch(() => undefined);
      if (this.#state === "draining" || (await this.#startIn(slot))) return;
      waitMs = slot.backOff.delayAfter(0);
    }
  }

  /** Starts a worker for a slot, and has the one finish that served there. False when the new one cannot serve. */
  async #startIn(slot: WorkerSlot): Promise<boolean> {
    if (slot.isFilling) return true;
    slot.isFilling = true;
    const worker = this.#fork(slot);
    try {
      const where = { port: () => this.#port, boundPort: this.#boundPort };
      await startLate(worker, { shared: this.#shared, ...where, timeoutMs: this.#timing.startTimeoutMs });
    } catch (error) {
      await this.#giveUp(worker, error);
      return false;
    } finally {
      slot.isFilling = false;
    }
    // Closing has told it to finish.
    if (this.#state === "draining") return false;
    const before = slot.worker;
    this.#assign(slot, worker);
    if (before) await this.#finish(before, "retire");
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
      logger.error("the restart is given up: the workers that are left go on serving");
      for (const worker of this.#processes) worker.isOutdated = false;
      if (slot.worker === undefined) void this.#fill(slot, slot.backOff.delayAfter(0));
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
      this.#options.logger.warn({ worker: worker.slot, workerPid: worker.pid }, "a worker did not finish in time");
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

/** Each worker that waits for room has a listener, and a reader that went away is no reason to end. */
function passOnToWhoeverListens(): void {
  for (const output of [process.stdout, process.stderr]) {
    setMaxListeners(0, output);
    output.on("error", () => {});
  }
}
