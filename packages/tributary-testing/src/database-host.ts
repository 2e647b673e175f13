import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { openDatabase } from "tributary-graphql/sql";
import type { TestDatabaseName } from "./database-names.ts";
import { mysqlServerUrl, runOnMysql } from "./mysql-server.ts";
import { startPostgres } from "./postgres-server.ts";
import { withDatabase } from "./with-database.ts";

/** Where new databases come from. */
interface Server {
  /** Creates an empty database and gives its URL. */
  create(): Promise<string>;
  stop(): Promise<void>;
}

/** The module of a test suite that fills databases. */
export interface FillModule {
  fill(url: string): Promise<void>;
}

/** Makes databases for one run of the tests. Each server is started, and each database filled, when it is first asked for. */
export class DatabaseHost {
  readonly #servers = new Map<TestDatabaseName, Promise<Server>>();
  readonly #filled = new Map<string, Promise<string>>();

  /** URL of an empty database of the caller's own. Rejects where this machine has no such server. */
  async blank(name: TestDatabaseName): Promise<string> {
    const server = await once(this.#servers, name, starters[name]);
    return server.create();
  }

  /**
   * URL of the database that this module has filled: one for all tests of a run, so they only read it.
   *
   * @param module the URL of a module that exports `fill(url)`, which fills the empty database at that URL
   */
  filled(name: TestDatabaseName, module: string): Promise<string> {
    return once(this.#filled, `${name} ${module}`, async () => {
      const url = await this.blank(name);
      const { fill }: FillModule = await import(module);
      await fill(url);
      return url;
    });
  }

  /** Removes every database and stops what was started. */
  async stop(): Promise<void> {
    await Promise.allSettled([...this.#servers.values()].map(async (server) => (await server).stop()));
  }
}

const starters: Record<TestDatabaseName, () => Promise<Server>> = {
  sqlite: async () => {
    const folder = await mkdtemp(join(tmpdir(), "tributary-sqlite-"));
    return {
      create: async () => {
        const file = join(folder, `${randomUUID()}.sqlite`);
        await writeFile(file, "");
        return `sqlite:${file}`;
      },
      stop: () => rm(folder, { recursive: true, force: true }),
    };
  },
  postgres: async () => {
    const server = await startPostgres();
    const admin = await openDatabase<unknown>(server.url, { poolSize: 1 });
    return {
      create: async () => {
        const name = uniqueName();
        await sql`create database ${sql.ref(name)}`.execute(admin.db);
        return withDatabase(server.url, name);
      },
      stop: async () => {
        await admin.close();
        await server.stop();
      },
    };
  },
  mariadb: async () => {
    const serverUrl = mysqlServerUrl();
    await runOnMysql(serverUrl, "select 1");
    const created: string[] = [];
    return {
      create: async () => {
        const name = uniqueName();
        await runOnMysql(serverUrl, `create database ${name}`);
        created.push(name);
        return withDatabase(serverUrl, name);
      },
      stop: async () => {
        for (const name of created) await runOnMysql(serverUrl, `drop database if exists ${name}`);
      },
    };
  },
};

const uniqueName = (): string => `tributary_test_${randomUUID().replaceAll("-", "").slice(0, 16)}`;

function once<Key, Value>(known: Map<Key, Promise<Value>>, key: Key, make: () => Promise<Value>): Promise<Value> {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}
