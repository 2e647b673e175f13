import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const projectFolder = fileURLToPath(new URL("../../..", import.meta.url));

export interface ServerProcess {
  readonly process: ChildProcess;
  readonly pid: number;
  /** All output so far, of standard output and standard error. */
  text(): string;
  lines(): readonly string[];
  /** Fulfils with the first line that starts with this. Rejects when the process exits without one. */
  line(start: string): Promise<string>;
  /** Fulfils with the log lines that have this message, when there are `count`. Rejects when the process exits before. */
  logged(message: string, count?: number): Promise<readonly LogLine[]>;
  readonly exit: Promise<{ code: number | null; text: string }>;
}

export type LogLine = Readonly<Record<string, unknown>>;

export interface RunOptions {
  /** Makes it the leader of a process group, which can get a signal as a whole. */
  readonly detached?: boolean;
  readonly command?: readonly string[];
  /** Default: the project's. */
  readonly folder?: string;
}

/** Runs a file as `npm start` runs `server.ts`, with only these settings. It is killed when the test has finished. */
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
  /** Fulfils with the result of `find`, which is called again after each line until it is defined. */
  const waitFor = <Found>(what: string, find: () => Found | undefined): Promise<Found> => {
    const { promise, resolve, reject } = Promise.withResolvers<Found>();
    const look = () => {
      const found = find();
      if (found === undefined) return;
      watchers.delete(look);
      resolve(found);
    };
    watchers.add(look);
    look();
    void ended.promise.then(() => reject(new Error(`The process exited without ${what}: ${text()}`)));
    // A test that has failed no longer awaits it.
    promise.catch(() => {});
    return promise;
  };
  return {
    process: child,
    pid: child.pid ?? 0,
    text,
    lines: () => lines,
    line: (start) => waitFor(`"${start}"`, () => lines.find((line) => line.startsWith(start))),
    logged: (message, count = 1) =>
      waitFor(`${count} log lines "${message}"`, () => {
        const found = logLines(lines).filter(({ msg }) => msg === message);
        return found.length >= count ? found : undefined;
      }),
    exit,
  };
}

const logLines = (lines: readonly string[]): LogLine[] =>
  lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));

/** The URL in a line `listening on <url>`. */
export const addressIn = (line: string): string => line.slice("listening on ".length);

export const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** The process ids of the children of a process. */
export async function childrenOf(pid: number): Promise<number[]> {
  const ps = spawn("ps", ["-o", "pid=", "--ppid", String(pid)], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  for await (const chunk of ps.stdout) output += chunk;
  return output.trim().split(/\s+/).filter(Boolean).map(Number);
}
