import { chmod, chown, copyFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { sql } from "kysely";
import { type Authority, type Certificate, createAuthority } from "tributary-testing/certificates.ts";
import { needsMariadbProgram, startMariadb } from "tributary-testing/mariadb-server.ts";
import { runOnMysql } from "tributary-testing/mysql-server.ts";
import { startPostgres } from "tributary-testing/postgres-server.ts";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Database } from "../../../../src/sql/database.ts";
import { cancelOnAbort } from "../../../../src/sql/dialects/cancellation.ts";
import { openDatabase } from "../../../../src/sql/open.ts";

/** A server that only accepts TLS, with a certificate for `localhost`. */
interface SecureServer {
  readonly url: string;
  stop(): Promise<void>;
}

const unknownAuthority = /certificate[^\n]*: set its CA in the URL \(sslrootcert, ssl-ca\), or encrypt without/;
const otherName = /does not match certificate's altnames[^\n]*: sslmode=verify-ca does not verify the host name/;

let authority: Authority;
let other: Authority;
let forServer: Certificate;
let forClient: Certificate;

beforeAll(async () => {
  [authority, other] = await Promise.all([createAuthority("Ours"), createAuthority("Theirs")]);
  forServer = await authority.issue("server", ["DNS:localhost"]);
  forClient = await authority.issue("ann");
});
afterAll(async () => {
  await authority?.remove();
  await other?.remove();
});

const servers = {
  postgres: { start: startSecurePostgres, mode: "sslmode", ca: "sslrootcert", certificate: "sslcert", key: "sslkey" },
  mysql: { start: startSecureMariadb, mode: "ssl-mode", ca: "ssl-ca", certificate: "ssl-cert", key: "ssl-key" },
} as const;

describe.each(["postgres", "mysql"] as const)("TLS to %s", (kind) => {
  needsMariadbProgram();
  const { start, mode, ca, certificate, key } = servers[kind];
  let server: SecureServer | undefined;

  beforeAll(async () => {
    server = await start();
  }, 60_000);
  afterAll(() => server?.stop());

  const urlWith = (parameters: Readonly<Record<string, string>>, host = "localhost", user?: string) => {
    const url = new URL(server?.url ?? expect.fail("no server"));
    url.hostname = host;
    if (user !== undefined) Object.assign(url, { username: user, password: "" });
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return url.href;
  };

  const isSecure = {
    postgres: sql<{ is: unknown }>`select ssl as is from pg_stat_ssl where pid = pg_backend_pid()`,
    mysql: sql<{
      is: unknown;
    }>`select variable_value <> '' as is_secure from information_schema.session_status where variable_name = 'Ssl_cipher'`,
  }[kind];

  async function connected(url: string): Promise<boolean> {
    const database = await openDatabase(url, { poolSize: 2 });
    const { rows } = await isSecure.execute(database.db);
    await database.close();
    return Object.values(rows[0] ?? {}).every(Boolean);
  }

  test.each([["require"], ["REQUIRED"], ["verify-full"], ["VERIFY_IDENTITY"], ["verify-ca"], ["VERIFY_CA"]])(
    "%s takes a server whose certificate is the CA's and made out to the host",
    async (word) => {
      expect(await connected(urlWith({ [mode]: word, [ca]: authority.certificate }))).toBe(true);
    },
  );

  test("a CA without a mode means verify-full", async () => {
    expect(await connected(urlWith({ [ca]: authority.certificate }))).toBe(true);
    await expect(connected(urlWith({ [ca]: other.certificate }))).rejects.toThrow(unknownAuthority);
  });

  test.each(["require", "verify-full", "verify-ca"])(
    "%s refuses a server of another CA, or of none that is known",
    async (word) => {
      await expect(connected(urlWith({ [mode]: word }))).rejects.toThrow(unknownAuthority);
      await expect(connected(urlWith({ [mode]: word, [ca]: other.certificate }))).rejects.toThrow(unknownAuthority);
    },
  );

  test("an IP address, or another host name, is rejected except by verify-ca", async () => {
    const all = { [ca]: authority.certificate };
    for (const word of ["require", "verify-full"])
      await expect(connected(urlWith({ [mode]: word, ...all }, "127.0.0.1"))).rejects.toThrow(otherName);
    expect(await connected(urlWith({ [mode]: "verify-ca", ...all }, "127.0.0.1"))).toBe(true);
  });

  test("no-verify encrypts without verification", async () => {
    expect(await connected(urlWith({ [mode]: "no-verify" }, "127.0.0.1"))).toBe(true);
  });

  test.each([{}, { [mode]: "disable" }])(
    "without TLS (%o) the server rejects the login, and the password is not shown",
    async (none) => {
      const failure = await connected(urlWith(none)).catch(String);
      expect(failure).toMatch(/^Error: Cannot open the database [^\n]+$/);
      expect(failure).not.toContain("s3cret");
    },
  );

  test("a query is cancelled over TLS, with a client certificate", async () => {
    const files = { [ca]: authority.certificate, [certificate]: forClient.certificate, [key]: forClient.key };
    const database: Database<unknown> = await openDatabase(
      urlWith({ [mode]: "verify-full", ...files }, "localhost", "ann"),
    );
    const gone = new AbortController();
    const sleep = kind === "postgres" ? sql`select pg_sleep(30)` : sql`select sleep(30)`;
    const slow = sleep.execute(database.db, cancelOnAbort(gone.signal));
    setTimeout(() => gone.abort(new Error("the client has left")), 100);
    await expect(slow).rejects.toThrow("the client has left");
    const running =
      kind === "postgres"
        ? sql`select 1 from pg_stat_activity where query = 'select pg_sleep(30)' and state = 'active'`
        : sql`select 1 from information_schema.processlist where info = 'select sleep(30)'`;
    await vi.waitFor(async () => expect((await running.execute(database.db)).rows).toEqual([]), { timeout: 5_000 });
    await database.close();
    await expect(connected(urlWith({ [ca]: authority.certificate }, "localhost", "ann"))).rejects.toThrow(
      /Cannot open/,
    );
  });
});

async function startSecurePostgres(): Promise<SecureServer> {
  const server = await startPostgres();
  const admin = await openDatabase<unknown>(server.url, { poolSize: 1 });
  const setting = async (name: string) =>
    (await sql<{ is: string }>`select current_setting(${name}) as is`.execute(admin.db)).rows[0]?.is ?? "";
  const hba = await setting("hba_file");
  const folder = dirname(hba);
  await sql.raw("create role ann login").execute(admin.db);
  const files = {
    ssl_cert_file: forServer.certificate,
    ssl_key_file: await ownedByServer(folder, forServer.key),
    ssl_ca_file: authority.certificate,
  };
  for (const [name, value] of Object.entries({ ...files, ssl: "on" }))
    await sql.raw(`alter system set ${name} = '${value}'`).execute(admin.db);
  const rules = ["hostssl all ann all cert", "hostssl all postgres all scram-sha-256"].map((rule) => `('${rule}')`);
  // Last, because it disables connections without TLS.
  await sql.raw(`copy (select * from (values ${rules.join(", ")}) as rules) to '${hba}'`).execute(admin.db);
  await sql`select pg_reload_conf()`.execute(admin.db);
  await vi.waitFor(async () => expect(await setting("ssl")).toBe("on"));
  await admin.close();
  return server;
}

/** PostgreSQL rejects a key file that others may read or own. */
async function ownedByServer(folder: string, key: string): Promise<string> {
  const copy = join(folder, "server.key");
  await copyFile(key, copy);
  await chmod(copy, 0o600);
  const { uid, gid } = await stat(folder);
  await chown(copy, uid, gid);
  return copy;
}

async function startSecureMariadb(): Promise<SecureServer> {
  await chmod(forServer.key, 0o644);
  const { certificate, key } = forServer;
  const server = await startMariadb([
    `--ssl-cert=${certificate}`,
    `--ssl-key=${key}`,
    `--ssl-ca=${authority.certificate}`,
  ]);
  for (const statement of [
    "create user ann require subject '/CN=ann'",
    "grant all on *.* to ann",
    "create user secure identified by 's3cret' require ssl",
    "grant all on *.* to secure",
  ])
    await runOnMysql(server.url, statement);
  return { ...server, url: server.url.replace("root@", "secure:s3cret@") };
}
