import cluster, { type Worker } from "node:cluster";
import type { Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { Figures } from "../telemetry/metrics/figures.ts";
import { forwardLines } from "./forward-lines.ts";
import {
  type ChargesMessage,
  type Command,
  isCharges,
  isClusterMetricsRequest,
  isReplacementRequest,
  isReply,
  type ListeningAddress,
  type NoticeMessage,
  type ReplyMessage,
  workerNumberVariable,
} from "./messages.ts";
import { closeUnacceptedConnections } from "./unaccepted-connections.ts";

/** How long the exit of a worker waits for its remaining output, in milliseconds. */
const outputTimeoutMs = 1_000;

export interface WorkerExit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A worker process, seen from the primary. Its output is forwarded line by line. */
export class WorkerProcess {
  /** The number of its slot, counted from 1. Its replacement gets the same number. */
  readonly slot: number;
  readonly exited: Promise<WorkerExit>;
  readonly #worker: Worker;
  readonly #pendingReplies = new Map<number, PromiseWithResolvers<ReplyMessage>>();
  #commands = 0;
  #isListening = false;
  #isDebugged = false;
  /** Whether its figures were read. */
  #isCounted = false;
  #exit: WorkerExit | undefined;
  #killedBecause: string | undefined;
  #onReplacementWanted = () => {};
  #onCharges = (_message: ChargesMessage) => {};
  #onLastFigures = (_figures: readonly Figures[]) => {};
  #clusterMetrics = async (): Promise<string> => "";

  /** Set to have the worker replaced by the next rolling restart. */
  isOutdated = false;

  constructor(slot: number, output: Writable) {
    this.slot = slot;
    this.#worker = cluster.fork({ [workerNumberVariable]: String(slot) });
    closeUnacceptedConnections(this.#worker.process);
    const { stdout, stderr } = this.#worker.process;
    const outputEnd = Promise.allSettled([
      stdout && forwardLines(stdout, output),
      stderr && forwardLines(stderr, process.stderr),
    ]);
    this.#worker.on("message", (message: unknown) => this.#receive(message));
    this.exited = this.#exitOf().then(async (exit) => {
      // Its remaining output comes before its exit is logged. The timeout is for child processes that keep the pipe open.
      await Promise.race([outputEnd, delay(outputTimeoutMs, undefined, { ref: false })]);
      return this.#end(exit);
    });
  }

  get pid(): number | undefined {
    return this.#worker.process.pid;
  }

  get isListening(): boolean {
    return this.#isListening;
  }

  /** Whether its inspector was open at its last reply to `ping`. */
  get isDebugged(): boolean {
    return this.#isDebugged;
  }

  /** Whether the channel to it is open. It is not while the worker closes. */
  get isReachable(): boolean {
    return this.#worker.isConnected();
  }

  /** Sets the listener for a worker that asks to be replaced, because it received SIGTERM. */
  onReplacementWanted(listener: () => void): void {
    this.#onReplacementWanted = listener;
  }

  /** Sets the listener for what its clients were charged. */
  onCharges(listener: (message: ChargesMessage) => void): void {
    this.#onCharges = listener;
  }

  /** Sets the listener for the figures that it sends when it has drained. */
  onLastFigures(listener: (figures: readonly Figures[]) => void): void {
    this.#onLastFigures = listener;
  }

  /** Sets what it gets when it asks for the metrics of all workers. */
  onMetricsWanted(clusterMetrics: () => Promise<string>): void {
    this.#clusterMetrics = clusterMetrics;
  }

  async listen(port: number): Promise<ListeningAddress> {
    const { address } = await this.#send({ name: "listen", port });
    if (address === undefined) throw new Error(`Worker ${this.slot} did not report its address.`);
    this.#isListening = true;
    return address;
  }

  async open(shared: unknown): Promise<void> {
    await this.#send({ name: "open", shared });
  }

  async figures(): Promise<readonly Figures[]> {
    this.#isCounted = true;
    const { figures = [] } = await this.#send({ name: "figures" });
    return figures;
  }

  async ping(): Promise<void> {
    const { isDebugged = false } = await this.#send({ name: "ping" });
    this.#isDebugged = isDebugged;
  }

  /**
   * Shuts it down while other workers serve. Fulfils when the process has exited. It exits only on the primary's command,
   * so that a connection that was just sent to it is handed back first.
   */
  async retire(): Promise<void> {
    this.#isListening = false;
    const reply = await this.#send({ name: "retire", takesFigures: this.#isCounted }).catch(() => undefined);
    if (reply?.figures) this.#onLastFigures(reply.figures);
    this.tell({ exit: true });
    await this.exited;
  }

  /** Shuts it down with all others. Fulfils when the process has exited. */
  async close(): Promise<void> {
    const closed = this.#send({ name: "close" }).catch(() => undefined);
    if (this.#isListening) this.#releasePort();
    else {
      await closed;
      this.tell({ exit: true });
    }
    await this.exited;
  }

  tell(notice: NoticeMessage): void {
    if (this.isReachable) this.#worker.send(notice, () => {});
  }

  /** Why the primary killed this process. */
  get killedBecause(): string | undefined {
    return this.#killedBecause;
  }

  /** Kills the process with SIGKILL. */
  kill(reason?: string): void {
    this.#killedBecause ??= reason;
    this.#worker.process.kill("SIGKILL");
  }

  /**
   * Disconnects at once, without waiting for the worker: a connection that the last worker hands back meanwhile would stay
   * open, and no worker would serve it. This closes the channel to the worker too.
   */
  #releasePort(): void {
    this.#isListening = false;
    this.#worker.disconnect();
  }

  #send(command: Command): Promise<ReplyMessage> {
    const number = ++this.#commands;
    const reply = Promise.withResolvers<ReplyMessage>();
    this.#pendingReplies.set(number, reply);
    if (this.#exit) this.#end(this.#exit);
    // A worker whose channel is closed is about to exit, which rejects the reply.
    else if (this.isReachable) this.#worker.send({ number, command }, () => {});
    return reply.promise;
  }

  #receive(message: unknown): void {
    if (isReplacementRequest(message)) this.#onReplacementWanted();
    if (isCharges(message)) this.#onCharges(message);
    if (isClusterMetricsRequest(message)) void this.#sendMetrics(message.number);
    if (!isReply(message)) return;
    const reply = this.#pendingReplies.get(message.answers);
    this.#pendingReplies.delete(message.answers);
    if (message.failure === undefined) reply?.resolve(message);
    else reply?.reject(new Error(message.failure));
  }

  async #sendMetrics(number: number): Promise<void> {
    this.tell({ metrics: await this.#clusterMetrics(), number });
  }

  #exitOf(): Promise<WorkerExit> {
    const child = this.#worker.process;
    return new Promise((resolve) => {
      child.once("exit", (code, signal) => resolve({ code, signal }));
      this.#worker.on("error", ({ message }) => {
        // With a pid it is an error of the channel, and the process is about to exit.
        if (child.pid !== undefined) return;
        this.#killedBecause = `Worker ${this.slot} could not be started: ${message}`;
        resolve({ code: null, signal: null });
      });
    });
  }

  /** The error of commands without a reply. */
  exitError({ code, signal }: WorkerExit): Error {
    const cause = signal === null ? `exited with code ${code}` : `was terminated by ${signal}`;
    return new Error(this.#killedBecause ?? `Worker ${this.slot} ${cause} before it was ready.`);
  }

  #end(exit: WorkerExit): WorkerExit {
    this.#exit = exit;
    this.#isListening = false;
    for (const reply of this.#pendingReplies.values()) reply.reject(this.exitError(exit));
    this.#pendingReplies.clear();
    return exit;
  }
}
