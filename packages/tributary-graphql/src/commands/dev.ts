import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { relative, sep } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { watch } from "chokidar";

/** A change in one of these, or in a folder whose name begins with a dot, does not concern the server. */
const ignoredFolders: ReadonlySet<string> = new Set(["node_modules", "coverage", "test", "bench", "docs"]);
const watchedFiles = /\.(?:[cm]?[jt]s|json|graphql)$/;

/** Editors write several files at once, and one file in several steps. */
const settleMs = 100;
/** How long the server may finish what it is at: an open page of GraphiQL keeps a stream open. */
const stopMs = 2_000;
/** Whether the process that started this one is gone is looked at so often. */
const parentPollMs = 500;

/**
 * `tributary dev`: runs `server.ts` in the working folder, and again after each change of a source. Folders are watched and
 * not files: many editors save by renaming, and a watched file is lost with the name
 * (https://github.com/nodejs/node/issues/51621).
 *
 * Arguments are handed to Node, before the file: `tributary dev --inspect`.
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
    // The server stops by itself when this process is gone, as it does when npm is.
    const env = { ...process.env, npm_lifecycle_event: "dev" };
    const server = spawn(process.execPath, [...this.#nodeArguments, "server.ts"], { stdio: "inherit", env });
    this.#server = server;
    server.on("exit", (code, signal) => {
      if (this.#server !== server) return;
      this.#server = undefined;
      console.error(`dev: the server ended (${signal ?? code}); it starts again after a change`);
    });
  }

  async restart(file: string): Promise<void> {
    this.#changed = file;
    if (this.#isRestarting) return;
    this.#isRestarting = true;
    while (this.#changed !== undefined) {
      await delay(settleMs);
      const changed = this.#changed;
      this.#changed = undefined;
      await this.stop();
      // Changes that came meanwhile are part of this start.
      if (this.#changed === undefined) console.error(`dev: ${changed} has changed, the server starts again`);
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
    const timer = setTimeout(() => server.kill("SIGKILL"), stopMs);
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
 * Serves until the process is stopped.
 *
 * @param args handed to Node, before the file
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
  // npm hands no SIGTERM on to what it runs.
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && void stop(), parentPollMs).unref();
  development.start();
  return new Promise(() => {});
}
