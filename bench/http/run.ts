import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { openDatabase } from "../../datasources/sql/open.ts";
import { startPostgres } from "../../test/support/postgres-server.ts";
import { withDatabase } from "../../test/support/with-database.ts";
import { fillPages } from "../graphs/fill-pages.ts";
import { findCores } from "../processes/cores.ts";
import { startLoad } from "../processes/load-process.ts";
import { startServer } from "../processes/server-process.ts";
import { describeMachine } from "../report.ts";
import type { Options } from "../run.ts";
import type { HttpContender } from "./contender.ts";
import { contendersOf } from "./contenders.ts";
import { measureWorkload } from "./measure-workload.ts";
import { workloadTable } from "./section.ts";
import { type WorkloadName, workload } from "./workloads.ts";

const upstreamFile = fileURLToPath(new URL("../upstream/server.ts", import.meta.url));

/** Measures one workload, and gives its section. */
export async function runWorkload(name: WorkloadName, options: Options): Promise<string> {
  const cores = findCores();
  const others = cores && [cores.others];
  await using resources = new AsyncDisposableStack();
  const load = startLoad(others);
  resources.defer(() => load.stop());
  const upstream = await startServer({ command: [process.execPath, upstreamFile], cores: others });
  resources.defer(() => upstream.stop());
  const database = name === "pages" ? await createPagesDatabase(resources) : undefined;
  const result = await measureWorkload(workload(name), chosen(contendersOf[name], options.only), {
    sources: { upstream: upstream.url, database },
    load,
    serverCores: cores && [cores.server],
    ...(options.quick ? quick : full),
    connections: 64,
    say: console.log,
  });
  return `## ${result.workload.title}\n\n${describeMachine()}.\n\n${workloadTable(result)}`;
}

const quick = { rounds: 3, roundMs: 1_000, warmUpMs: 1_500 };
const full = { rounds: 9, roundMs: 2_500, warmUpMs: 4_000 };

/** The first stays: it is what the others are compared with. */
function chosen(contenders: readonly HttpContender[], only: string | undefined): readonly HttpContender[] {
  const names = only?.split(",");
  return contenders.filter(({ name }, index) => index === 0 || names === undefined || names.includes(name));
}

/** A PostgreSQL of the benchmark's own, or the one at `BENCH_POSTGRES_URL`, with the pages in a new database. */
async function createPagesDatabase(resources: AsyncDisposableStack): Promise<string> {
  const given = process.env.BENCH_POSTGRES_URL;
  const server = given === undefined ? await startPostgres() : { url: given, stop: async () => {} };
  resources.defer(() => server.stop());
  const admin = await openDatabase<unknown>(server.url, { poolSize: 1 });
  resources.defer(() => admin.close());
  const name = `tributary_bench_${randomUUID().replaceAll("-", "").slice(0, 16)}`;
  await sql`create database ${sql.ref(name)}`.execute(admin.db);
  resources.defer(async () => void (await sql`drop database ${sql.ref(name)} with (force)`.execute(admin.db)));
  const url = withDatabase(server.url, name);
  await fillPages(url);
  return url;
}
