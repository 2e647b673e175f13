import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { onCores } from "./cores.ts";
import { cpuMs, residentBytes } from "./usage.ts";

export interface ServerCommand {
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** The cores that it may run on; undefined for all. */
  readonly cores: readonly number[] | undefined;
  readonly cwd?: string;
  /** The URL of a server that does not print it. Such a server is ready when it accepts connections. */
  readonly url?: string;
  /** Called with each line of output. */
  readonly onLine?: (line: string) => void;
}

/** A server in a process of its own. */
export interface ServerProcess {
  readonly url: string;
  /** Milliseconds from the start to the line with its URL. */
  readonly startMs: number;
  /** CPU time of all its processes since their start, in milliseconds. */
  cpuMs(): number;
  residentBytes(): number;
  stop(): Promise<void>;
}

const startTimeoutMs = 30_000;

/** Killed at the exit of this process. */
const running = new Set<ChildProcess>();
let isWatchingExit = false;

function watchExit(): void {
  if (isWatchingExit) return;
  isWatchingExit = true;
  process.on("exit", () => {
    for (const child of running) child.kill("SIGKILL");
  });
}

/**
 * Starts a server, and resolves when it has printed `listening on <url>`.
 * @throws Error with its last output if it exits, or is not ready within 30 seconds
 */
export async function startServer({
  command,
  environment,
  cores,
  cwd,
  ...watched
}: ServerCommand): Promise<ServerProcess> {
  const [program = "", ...args] = onCores(cores, command);
  const startedAt = performance.now();
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, NODE_ENV: "production", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit").catch(() => undefined);
  watchExit();
  running.add(child);
  void exited.then(() => running.delete(child));
  const stop = () => end(child, exited);
  try {
    const url = await addressOf(child, exited, watched);
    const { pid = 0 } = child;
    return {
      url,
      startMs: performance.now() - startedAt,
      cpuMs: () => cpuMs(pid),
      residentBytes: () => residentBytes(pid),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function addressOf(
  child: ChildProcess,
  exited: Promise<unknown>,
  { url: givenUrl, onLine }: Pick<ServerCommand, "url" | "onLine">,
): Promise<string> {
  const lines: string[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const done = new AbortController();
  if (givenUrl !== undefined)
    untilOpen(givenUrl, done.signal).then(
      () => resolve(givenUrl),
      () => undefined,
    );
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on("line", (line) => {
      onLine?.(line);
      lines.push(line);
      if (lines.length > 20) lines.shift();
      const url = /listening on (http:\S+)/i.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    });
  }
  const fail = (message: string) => reject(new Error(`${message}: ${reasonIn(lines)}`));
  child.once("error", (error) => fail(error.message));
  const timer = setTimeout(() => fail(`did not listen within ${startTimeoutMs} ms`), startTimeoutMs);
  // The last output arrives after the exit.
  void exited.then(() => setTimeout(() => fail("exited"), 100));
  return promise.finally(() => {
    clearTimeout(timer);
    done.abort();
  });
}

/** The message of a printed error, or the last output. */
const reasonIn = (lines: readonly string[]): string =>
  lines.find((line) => /^\w*Error\b.*: /.test(line)) ?? (lines.join(" ").slice(-500) || "no output");

/** Resolves when the port accepts connections. */
async function untilOpen(url: string, signal: AbortSignal): Promise<void> {
  const { hostname, port } = new URL(url);
  while (!(await canConnect(hostname, Number(port)))) await delay(20, undefined, { signal });
}

function canConnect(host: string, port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host, port }, () => resolve(true));
  socket.once("error", () => resolve(false));
  return promise.finally(() => socket.destroy());
}

async function end(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), 3_000);
  await exited;
  clearTimeout(timer);
}
