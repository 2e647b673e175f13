import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { getCompileCacheDir } from "node:module";
import { fileURLToPath } from "node:url";
import type { ReadyMessage } from "./run-service.ts";

/** The services that come with the project; each is a file of that name beside this one. */
export const serviceNames = ["countries", "rates", "sun"] as const;

export type ServiceName = (typeof serviceNames)[number];

export interface ChildOptions {
  /** Added to this process's environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Milliseconds that it may take until the service answers. */
  readonly startTimeoutMs: number;
  /** Called when a service that was ready ends although nobody stopped it; `code` is null after a signal. */
  readonly onExit: (name: ServiceName, code: number | null, lastLines: string) => void;
}

/** One service in a process of its own. */
export interface ChildService {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly pid: number;
  /** Ends the process and resolves when it is gone. May be called again. */
  stop(): Promise<void>;
}

const stopTimeoutMs = 2_000;
const keptLines = 20;

/**
 * Starts a service and waits until it answers.
 * @throws an error with the service's name and its last lines of output, when it ends first or takes too long.
 */
export async function startChildService(name: ServiceName, options: ChildOptions): Promise<ChildService> {
  const child = fork(fileURLToPath(new URL(`./${name}.ts`, import.meta.url)), {
    // No flags of ours: two processes cannot both listen on one --inspect port.
    execArgv: [],
    env: { ...process.env, ...compileCache(), ...options.environment },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  const lastLines = keepLastLines(child);
  const stop = stopper(child);
  try {
    const port = await portOf(child, options.startTimeoutMs);
    child.once("exit", (code) => {
      if (!stop.wasCalled()) options.onExit(name, code, lastLines());
    });
    return { url: `http://127.0.0.1:${port}`, pid: child.pid ?? 0, stop: stop.run };
  } catch (error) {
    await stop.run();
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The demo service "${name}" did not start: ${reason}\n${lastLines()}`.trimEnd(), { cause: error });
  }
}

/** The services keep their compiled code where this process does, if it does. */
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
    // "close", not "exit": by then all that it wrote has been read.
    child.once("close", (code, signal) => reject(new Error(`it ended with ${signal ?? `code ${code}`}`)));
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

/** Closing the IPC channel asks the child to end (run-service.ts); one that does not is killed. */
function stopper(child: ChildProcess): { run: () => Promise<void>; wasCalled: () => boolean } {
  let stopped: Promise<void> | undefined;
  const stopOnce = async () => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    const exited = once(child, "exit");
    if (child.connected) child.disconnect();
    const timer = setTimeout(() => child.kill("SIGKILL"), stopTimeoutMs);
    await exited;
    clearTimeout(timer);
  };
  const run = () => {
    stopped ??= stopOnce();
    return stopped;
  };
  return { run, wasCalled: () => stopped !== undefined };
}
