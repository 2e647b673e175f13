import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { relative, sep } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { watch } from "chokidar";

/** Folders that the server does not read, besides those whose name begins with a dot. */
const ignoredFolders: ReadonlySet<string> = new Set(["node_modules", "coverage", "test", "bench", "docs"]);
const watchedFiles = /\.(?:[cm]?[jt]s|json|graphql)$/;

/** Debounces changes: editors write several files at once, and one file in several steps. */
const debounceMs = 100;
/** The timeout of a graceful shutdown: an open GraphiQL page keeps a stream open. */
const stopTimeoutMs = 2_000;
const parentPollMs = 500;

/**
 * `tributary dev` runs `server.ts` of the working directory, and restarts it after each change of a source file. It watches
 * folders and not files: many editors save by renaming, after which `node --watch` no longer sees the file
 * (https://github.com/nodejs/node/issues/51621).
 *
 * Arguments are passed to Node, before the file: `tributary dev --inspect`.
 */
class DevelopmentServer {
  readonly #nodeArguments: readonly string[];
  #server: ChildProcess | undefined;
  #changed: string | undefined;
  #isRestarting = false;

  constructor(nodeArguments: readonly string[]) {
    this.#nodeArguments = nodeArguments;
  }

  start(): void {
    // Makes the server exit with this process, as it does with npm.
    const env = { ...process.env, npm_lifecycle_event: "dev" };
    const server = spawn(process.execPath, [...this.#nodeArguments, "server.ts"], { stdio: "inherit", env });
    this.#server = server;
    server.on("exit", (code, signal) => {
      if (this.#server !== server) return;
      this.#server = undefined;
      console.error(`dev: the server exited (${signal ?? `code ${code}`}) and restarts after the next change`);
    });
  }

  async restart(file: string): Promise<void> {
    this.#changed = file;
    if (this.#isRestarting) return;
    this.#isRestarting = true;
    while (this.#changed !== undefined) {
      await delay(debounceMs);
      const changed = this.#changed;
      this.#changed = undefined;
      await this.stop();
      // A change during the stop begins the loop again.
      if (this.#changed === undefined) console.error(`dev: ${changed} has changed, the server restarts`);
    }
    this.#isRestarting = false;
    this.start();
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, "exit");
    server.kill("SIGTERM");
    const timer = setTimeout(() => server.kill("SIGKILL"), stopTimeoutMs);
    await exited;
    clearTimeout(timer);
  }
}

function isIgnored(path: string, isFile: boolean): boolean {
  const parts = relative(process.cwd(), path).split(sep);
  const isHidden = parts.some((part) => part.startsWith(".") && part !== "" && part !== "..");
  return isHidden || ignoredFolders.has(parts[0] ?? "") || (isFile && !watchedFiles.test(path));
}

/**
 * Runs until the process is stopped.
 * @param args passed to Node, before the file
 */
export function command(args: readonly string[]): Promise<boolean> {
  const development = new DevelopmentServer(args);
  const watcher = watch(process.cwd(), {
    ignoreInitial: true,
    ignored: (path, stats) => isIgnored(path, stats?.isFile() ?? false),
  });
  watcher.on("all", (_event, path) => void development.restart(relative(process.cwd(), path)));
  let isStopping = false;
  const stop = async (): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    await Promise.all([watcher.close(), development.stop()]);
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
  // npm does not forward SIGTERM to its scripts.
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && void stop(), parentPollMs).unref();
  development.start();
  return new Promise(() => {});
}
