import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { access, chown, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, beforeEach } from "vitest";
import { freePort } from "./free-port.ts";
import { runOnMysql } from "./mysql-server.ts";

/** A MariaDB server for one test, for settings that the shared server cannot have. */
export interface MariadbServer {
  /** The URL of the empty database `test`, as root. */
  readonly url: string;
  stop(): Promise<void>;
}

const program = "/usr/sbin/mariadbd";
const run = promisify(execFile);

/** Skips the tests of this `describe` without Debian's mariadb-server, or fails them when `CI` is `true`. */
export function needsMariadbProgram(): void {
  let isMissing = false;
  beforeAll(async () => {
    isMissing = await access(program).then(
      () => false,
      () => true,
    );
    if (isMissing && process.env.CI === "true") throw new Error(`No MariaDB to start: ${program} is missing.`);
  });
  beforeEach((context) => context.skip(isMissing, `No MariaDB to start: ${program} is missing.`));
}

/** Starts a server with these options of `mariadbd`. Files that they name have to be readable for every user. */
export async function startMariadb(options: readonly string[]): Promise<MariadbServer> {
  const folder = await mkdtemp(join(tmpdir(), "tributary-mariadb-"));
  // MariaDB refuses to run as root, the usual user of a container.
  const isRoot = process.getuid?.() === 0;
  const owner = isRoot ? ["--user=mysql"] : [];
  if (isRoot) await chownToMysql(folder);
  const data = join(folder, "data");
  const install = ["--no-defaults", ...owner, `--datadir=${data}`, "--auth-root-authentication-method=normal"];
  await run("mariadb-install-db", [...install, "--skip-test-db"]);
  const port = await freePort();
  const files = [`--datadir=${data}`, `--socket=${folder}/socket`, `--pid-file=${folder}/pid`];
  const address = ["--bind-address=127.0.0.1", `--port=${port}`];
  const server = spawn(program, ["--no-defaults", ...owner, ...files, ...address, ...options], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const stop = async () => {
    await kill(server);
    await rm(folder, { recursive: true, force: true });
  };
  const url = `mysql://root@127.0.0.1:${port}/test`;
  try {
    await untilReady(server, url);
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function untilReady(server: ChildProcess, url: string): Promise<void> {
  let log = "";
  server.stderr?.setEncoding("utf8").on("data", (text: string) => {
    log += text;
  });
  for (;;) {
    if (server.exitCode !== null) throw new Error(`MariaDB does not start: ${log}`);
    const isUp = await runOnMysql(url, "create database if not exists test").then(
      () => true,
      () => false,
    );
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function kill(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const exited = once(server, "exit");
  server.kill("SIGKILL");
  await exited;
}

/** Makes the account of Debian's package the owner of a folder. */
async function chownToMysql(folder: string): Promise<void> {
  const { uid, gid } = await stat("/var/lib/mysql");
  await chown(folder, uid, gid);
}
