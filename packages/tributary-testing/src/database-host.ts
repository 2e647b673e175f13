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

/** A server that creates databases for tests. */
interface Server {
  /** Creates an empty database. Fulfils with its URL. */
  create(): Promise<string>;
  stop(): Promise<void>;
}

/** The module of a test suite that fills databases. */
export interface FillModule {
  fill(url: string): Promise<void>;
}

/** Creates the databases of one test run. A server is started, and a database filled, at its first use. */
export class DatabaseHost {
  readonly #servers = new Map<TestDatabaseName, Promise<Server>>();
  readonly #filled = new Map<string, Promise<string>>();

  /** Creates an empty database. Fulfils with its URL. Rejects when this machine has no such server. */
  async blank(name: TestDatabaseName): Promise<string> {
    const server = await once(this.#servers, name, starters[name]);
    return server.create();
  }

  /**
   * The URL of a database that this module has filled. All tests of the run share it, so they must not write to it.
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

  /** Removes all databases, and stops the servers that were started. */
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
