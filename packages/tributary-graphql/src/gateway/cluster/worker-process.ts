import cluster, { type Worker } from "node:cluster";
import type { Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import {
  type Command,
  isReplacementRequest,
  isReply,
  type ListeningAddress,
  type NoticeMessage,
  type ReplyMessage,
  workerNumberVariable,
} from "./messages.ts";
import { closeUntakenConnections } from "./untaken-connections.ts";
import { passOnLines } from "./whole-lines.ts";

/** How long the end of a worker waits for what it wrote last, in milliseconds. */
const lastWordsMs = 1_000;

export interface WorkerExit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** One worker, as the primary sees it. Its output comes out of this process, line by line. */
export class WorkerProcess {
  /** The slot that it fills, from 1 on: the one that replaces it has the same. */
  readonly slot: number;
  readonly exited: Promise<WorkerExit>;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, PromiseWithResolvers<ReplyMessage>>();
  #commands = 0;
  #isListening = false;
  #isDebugged = false;
  #exit: WorkerExit | undefined;
  #killedBecause: string | undefined;
  #onReplacementWanted = () => {};

  /** Set by whoever wants it replaced, at the next opportunity. */
  isOutdated = false;

  constructor(slot: number, output: Writable) {
    this.slot = slot;
    this.#worker = cluster.fork({ [workerNumberVariable]: String(slot) });
    closeUntakenConnections(this.#worker.process);
    const { stdout, stderr } = this.#worker.process;
    const passedOn = Promise.allSettled([
      stdout && passOnLines(stdout, output),
      stderr && passOnLines(stderr, process.stderr),
    ]);
    this.#worker.on("message", (message: unknown) => this.#hear(message));
    this.exited = this.#exitOf().then(async (exit) => {
      // Its last output comes before its exit is reported; a child process of it may hold the pipe open.
      await Promise.race([passedOn, delay(lastWordsMs, undefined, { ref: false })]);
      return this.#end(exit);
    });
  }

  get pid(): number | undefined {
    return this.#worker.process.pid;
  }

  get isListening(): boolean {
    return this.#isListening;
  }

  /** Whether its inspector was open when it last answered. */
  get isDebugged(): boolean {
    return this.#isDebugged;
  }

  /** Whether it can be told anything. Not while it closes. */
  get isReachable(): boolean {
    return this.#worker.isConnected();
  }

  /** Called when the worker has been told to go by somebody else. */
  onReplacementWanted(listener: () => void): void {
    this.#onReplacementWanted = listener;
  }

  async listen(port: number): Promise<ListeningAddress> {
    const { address } = await this.#ask({ name: "listen", port });
    if (address === undefined) throw new Error(`Worker ${this.slot} did not say where it listens.`);
    this.#isListening = true;
    return address;
  }

  async open(shared: unknown): Promise<void> {
    await this.#ask({ name: "open", shared });
  }

  async ping(): Promise<void> {
    const { isDebugged = false } = await this.#ask({ name: "ping" });
    this.#isDebugged = isDebugged;
  }

  /**
   * Has it leave to the others, and fulfils when the process is gone. It ends when the primary says so: a connection that
   * was on its way to it is handed back before that.
   */
  async retire(): Promise<void> {
    this.#isListening = false;
    await this.#ask({ name: "retire" }).catch(() => undefined);
    this.tell({ exit: true });
    await this.exited;
  }

  /** Has it finish what it runs because all end, and fulfils when the process is gone. */
  async close(): Promise<void> {
    const closed = this.#ask({ name: "close" }).catch(() => undefined);
    if (this.#isListening) this.#leaveThePort();
    else {
      await closed;
      this.tell({ exit: true });
    }
    await this.exited;
  }

  tell(notice: NoticeMessage): void {
    if (this.isReachable) this.#worker.send(notice, () => {});
  }

  /** Why this process was killed from here. */
  get killedBecause(): string | undefined {
    return this.#killedBecause;
  }

  /** Ends it at once. */
  kill(reason?: string): void {
    this.#killedBecause ??= reason;
    this.#worker.process.kill("SIGKILL");
  }

  /**
   * Here and now, and not when the worker says so: a connection that the last worker hands back meanwhile would be kept
   * open, with nobody to serve it. The way to the worker ends with it.
   */
  #leaveThePort(): void {
    this.#isListening = false;
    this.#worker.disconnect();
  }

  #ask(command: Command): Promise<ReplyMessage> {
    const number = ++this.#commands;
    const reply = Promise.withResolvers<ReplyMessage>();
    this.#waiting.set(number, reply);
    if (this.#exit) this.#end(this.#exit);
    // One that cannot be reached any more is about to end, which rejects this.
    else if (this.isReachable) this.#worker.send({ number, command }, () => {});
    return reply.promise;
  }

  #hear(message: unknown): void {
    // For who watches this process: a change of what only workers load is noticed too.
    if (isReplacementRequest(message)) this.#onReplacementWanted();
    if (!isReply(message)) return;
    const reply = this.#waiting.get(message.answers);
    this.#waiting.delete(message.answers);
    if (message.failure === undefined) reply?.resolve(message);
    else reply?.reject(new Error(message.failure));
  }

  #exitOf(): Promise<WorkerExit> {
    const child = this.#worker.process;
    return new Promise((resolve) => {
      child.once("exit", (code, signal) => resolve({ code, signal }));
      this.#worker.on("error", ({ message }) => {
        // Otherwise a channel that breaks, whose process is about to end.
        if (child.pid !== undefined) return;
        this.#killedBecause = `Worker ${this.slot} could not be started: ${message}`;
        resolve({ code: null, signal: null });
      });
    });
  }

  /** The error for all that still wait for it. */
  endedEarly({ code, signal }: WorkerExit): Error {
    const ended = `Worker ${this.slot} ended with ${signal ?? `code ${code}`} before it was ready.`;
    return new Error(this.#killedBecause ?? ended);
  }

  #end(exit: WorkerExit): WorkerExit {
    this.#exit = exit;
    this.#isListening = false;
    for (const reply of this.#waiting.values()) reply.reject(this.endedEarly(exit));
    this.#waiting.clear();
    return exit;
  }
}
