import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { getCompileCacheDir } from "node:module";
import { fileURLToPath } from "node:url";
import type { ReadyMessage } from "./run-service.ts";

/** The embedded services; each is a file of that name in this folder. */
export const serviceNames = ["countries", "rates", "sun"] as const;

export type ServiceName = (typeof serviceNames)[number];

export interface ChildOptions {
  /** Added to the environment of this process. */
  readonly environment: Readonly<Record<string, string>>;
  /** Milliseconds until the service must be ready. */
  readonly startTimeoutMs: number;
  /** Called when a ready service exits without `stop`; `code` is null after a signal. */
  readonly onExit: (name: ServiceName, code: number | null, lastLines: string) => void;
}

/** A service in a process of its own. */
export interface ChildService {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly pid: number;
  /** Ends the process and resolves after its exit. Idempotent. */
  stop(): Promise<void>;
}

const stopTimeoutMs = 2_000;
const keptLines = 20;

/**
 * Starts a service and waits until it is ready.
 * @throws Error with the name and the last output lines of the service if it exits or takes too long
 */
export async function startChildService(name: ServiceName, options: ChildOptions): Promise<ChildService> {
  const child = fork(fileURLToPath(new URL(`./${name}.ts`, import.meta.url)), {
    // Without the flags of this process: two processes cannot listen on the same --inspect port.
    execArgv: [],
    env: { ...process.env, ...compileCache(), ...options.environment },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  const lastLines = keepLastLines(child);
  const { stop, isStopping } = stopperOf(child);
  try {
    const port = await portOf(child, options.startTimeoutMs);
    child.once("exit", (code) => {
      if (!isStopping()) options.onExit(name, code, lastLines());
    });
    return { url: `http://127.0.0.1:${port}`, pid: child.pid ?? 0, stop };
  } catch (error) {
    await stop();
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The embedded service "${name}" did not start: ${reason}\n${lastLines()}`;
    throw new Error(message.trimEnd(), { cause: error });
  }
}

/** The services use the compile cache of this process, if it has one. */
function compileCache(): Record<string, string> {
  const folder = getCompileCacheDir();
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: folder };
}

function portOf(child: ChildProcess, timeoutMs: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not ready within ${timeoutMs} ms`)), timeoutMs);
    child.on("message", ({ port }: ReadyMessage) => {
      clearTimeout(timer);
      resolve(port);
    });
    child.once("error", reject);
    // "close", not "exit", because it comes after the last output.
    child.once("close", (code, signal) => reject(new Error(`it exited with ${signal ?? `code ${code}`}`)));
    child.once("close", () => clearTimeout(timer));
  });
}

function keepLastLines(child: ChildProcess): () => string {
  let lines: string[] = [];
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    const [first = "", ...rest] = text.split("\n");
    lines = [...lines.slice(0, -1), `${lines.at(-1) ?? ""}${first}`, ...rest].slice(-keptLines);
  });
  return () => lines.join("\n").trim();
}

/** Closing the IPC channel ends the child (run-service.ts); after a timeout it is killed. */
function stopperOf(child: ChildProcess): { stop: () => Promise<void>; isStopping: () => boolean } {
  let stopped: Promise<void> | undefined;
  const stopOnce = async () => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    const exited = once(child, "exit");
    if (child.connected) child.disconnect();
    const timer = setTimeout(() => child.kill("SIGKILL"), stopTimeoutMs);
    await exited;
    clearTimeout(timer);
  };
  const stop = () => {
    stopped ??= stopOnce();
    return stopped;
  };
  return { stop, isStopping: () => stopped !== undefined };
}
