import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const projectFolder = fileURLToPath(new URL("../../..", import.meta.url));

export interface ServerProcess {
  readonly process: ChildProcess;
  readonly pid: number;
  /** Everything that was written so far, both outputs. */
  text(): string;
  lines(): readonly string[];
  /** The first line that starts with this. Rejects when the process ends without one. */
  line(start: string): Promise<string>;
  /** The lines of the log with this message, as soon as there are so many. Rejects when the process ends before. */
  logged(message: string, count?: number): Promise<readonly LogLine[]>;
  readonly exit: Promise<{ code: number | null; text: string }>;
}

export type LogLine = Readonly<Record<string, unknown>>;

export interface RunOptions {
  /** Makes it the leader of a group of processes, which can be sent a signal together. */
  readonly detached?: boolean;
  readonly command?: readonly string[];
  /** Default: the project's. */
  readonly folder?: string;
}

/** Runs a file as `npm start` runs `server.ts`, with these settings alone. It is killed when the test has finished. */
export function runServer(
  file: string,
  environment: Readonly<Record<string, string>>,
  { detached = false, command = [process.execPath, file], folder = projectFolder }: RunOptions = {},
): ServerProcess {
  const { PATH, HOME } = process.env;
  const [program = "", ...programArguments] = command;
  const child = spawn(program, programArguments, {
    cwd: folder,
    env: { PATH, HOME, PORT: "0", LOG_LEVEL: "warn", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    detached,
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines: string[] = [];
  const watchers = new Set<() => void>();
  const ended = Promise.withResolvers<void>();
  for (const stream of [child.stdout, child.stderr])
    createInterface(stream).on("line", (line) => {
      lines.push(line);
      for (const look of watchers) look();
    });
  const text = () => lines.join("\n");
  const exit = once(child, "close").then(([code]) => {
    ended.resolve();
    return { code, text: text() };
  });
  /** The result of `find` in the lines, now or later. */
  const seen = <Found>(what: string, find: () => Found | undefined): Promise<Found> => {
    const { promise, resolve, reject } = Promise.withResolvers<Found>();
    const look = () => {
      const found = find();
      if (found === undefined) return;
      watchers.delete(look);
      resolve(found);
    };
    watchers.add(look);
    look();
    void ended.promise.then(() => reject(new Error(`Ended without ${what}: ${text()}`)));
    // A test that has failed by then waits for it no more.
    promise.catch(() => {});
    return promise;
  };
  return {
    process: child,
    pid: child.pid ?? 0,
    text,
    lines: () => lines,
    line: (start) => seen(`"${start}"`, () => lines.find((line) => line.startsWith(start))),
    logged: (message, count = 1) =>
      seen(`${count} of "${message}"`, () => {
        const found = logLines(lines).filter(({ msg }) => msg === message);
        return found.length >= count ? found : undefined;
      }),
    exit,
  };
}

const logLines = (lines: readonly string[]): LogLine[] =>
  lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));

/** The address in the line that says that a server is ready. */
export const addressIn = (line: string): string => line.slice("listening on ".length);

export const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Process ids of the children of a process. */
export async function childrenOf(pid: number): Promise<number[]> {
  const ps = spawn("ps", ["-o", "pid=", "--ppid", String(pid)], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  for await (const chunk of ps.stdout) output += chunk;
  return output.trim().split(/\s+/).filter(Boolean).map(Number);
}
