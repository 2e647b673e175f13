import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, beforeEach } from "vitest";
import { freePort } from "./free-port.ts";

/** A PgBouncer for one test, in transaction mode: each statement may run on another connection to the server. */
export interface PgBouncer {
  /** The URL of the database through PgBouncer. */
  readonly url: string;
  stop(): Promise<void>;
}

export interface PgBouncerOptions {
  /** Number of connections to the server. */
  readonly poolSize: number;
  /** Whether it tracks prepared statements; needs `canTrackStatements`. Default false. */
  readonly tracksStatements?: boolean;
}

/** The path of Debian's package, which is in root's PATH only. `TEST_PGBOUNCER` overrides it. */
const program = process.env.TEST_PGBOUNCER ?? "/usr/sbin/pgbouncer";

/** Its minor version. Undefined without PgBouncer. */
const version = await promisify(execFile)(program, ["--version"]).then(
  ({ stdout }) => Number(/PgBouncer 1\.(\d+)/.exec(stdout)?.[1]),
  () => undefined,
);

/** Whether it can track prepared statements: version 1.21 or later. */
export const canTrackStatements = version !== undefined && version >= 21;

/** Skips the tests of this `describe` without PgBouncer, or fails them when `CI` is `true`. */
export function needsPgBouncer(): void {
  beforeAll(() => {
    if (version === undefined && process.env.CI === "true") throw new Error(`No PgBouncer: ${program} does not run.`);
  });
  beforeEach((context) => context.skip(version === undefined, "No PgBouncer to test with."));
}

export async function startPgBouncer(databaseUrl: string, options: PgBouncerOptions): Promise<PgBouncer> {
  const folder = await mkdtemp(join(tmpdir(), "tributary-pgbouncer-"));
  const { hostname, port: serverPort, username, password } = new URL(databaseUrl);
  const port = await freePort();
  const settings = [
    "[databases]",
    `* = host=${hostname} port=${serverPort} user=${username} password=${password}`,
    "[pgbouncer]",
    `listen_addr = 127.0.0.1\nlisten_port = ${port}\nunix_socket_dir =`,
    "auth_type = any\npool_mode = transaction",
    `default_pool_size = ${options.poolSize}\nmax_client_conn = 200`,
    ...(canTrackStatements ? [`max_prepared_statements = ${options.tracksStatements ? 100 : 0}`] : []),
  ];
  const file = join(folder, "pgbouncer.ini");
  await writeFile(file, `${settings.join("\n")}\n`);
  const isRoot = process.getuid?.() === 0;
  // PgBouncer refuses to run as root, the usual user of a container.
  const log: string[] = [];
  const child = spawn(program, [...(isRoot ? ["-u", "nobody"] : []), file], { stdio: ["ignore", "ignore", "pipe"] });
  if (isRoot) await chown(folder, 65_534, 65_534);
  child.stderr.setEncoding("utf8").on("data", (text: string) => log.push(text));
  const exited = once(child, "exit");
  const stop = async () => {
    child.kill("SIGINT");
    const timer = setTimeout(() => child.kill("SIGKILL"), 2_000);
    await exited;
    clearTimeout(timer);
    await rm(folder, { recursive: true, force: true });
  };
  const isUp = await Promise.race([untilItListens(port), exited.then(() => false)]);
  if (!isUp) {
    await stop();
    throw new Error(`PgBouncer does not start: ${log.join("")}`);
  }
  const url = new URL(databaseUrl);
  url.port = String(port);
  url.hostname = "127.0.0.1";
  return { url: url.href, stop };
}

async function untilItListens(port: number): Promise<true> {
  for (;;) {
    const socket = connect(port, "127.0.0.1");
    const isOpen = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
