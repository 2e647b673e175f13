import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { openDatabase } from "tributary-graphql/sql";
import { startPostgres } from "tributary-testing/postgres-server.ts";
import { withDatabase } from "tributary-testing/with-database.ts";
import { type Cores, findCores, pinThisProcess } from "./processes/cores.ts";
import { type LoadProcess, startLoad } from "./processes/load-process.ts";
import { type ServerProcess, startServer } from "./processes/server-process.ts";

/** The load generator and the REST service, on another core than the measured servers if there are two. */
export interface Environment {
  readonly cores: Cores | undefined;
  readonly load: LoadProcess;
  readonly upstream: ServerProcess;
}

const upstreamFile = fileURLToPath(new URL("./upstream/server.ts", import.meta.url));

/** Starts the load generator and the REST service; `resources` stops them. */
export async function startEnvironment(resources: AsyncDisposableStack): Promise<Environment> {
  const cores = findCores();
  const others = cores && [cores.others];
  if (cores !== undefined) resources.defer(pinThisProcess(cores));
  const load = startLoad(others);
  resources.defer(() => load.stop());
  const upstream = await startServer({ command: [process.execPath, upstreamFile], cores: others });
  resources.defer(() => upstream.stop());
  return { cores, load, upstream };
}

/** Creates an empty database on the PostgreSQL at `BENCH_POSTGRES_URL`, or on one that it starts. */
export async function createPostgresDatabase(resources: AsyncDisposableStack): Promise<string> {
  const url = process.env.BENCH_POSTGRES_URL;
  const server = url === undefined ? await startPostgres() : { url, stop: async () => {} };
  resources.defer(() => server.stop());
  const admin = await openDatabase<unknown>(server.url, { poolSize: 1 });
  resources.defer(() => admin.close());
  const name = `tributary_bench_${randomUUID().replaceAll("-", "").slice(0, 16)}`;
  await sql`create database ${sql.ref(name)}`.execute(admin.db);
  resources.defer(async () => void (await sql`drop database ${sql.ref(name)} with (force)`.execute(admin.db)));
  return withDatabase(server.url, name);
}
