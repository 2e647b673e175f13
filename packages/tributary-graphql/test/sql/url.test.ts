import { describe, expect, test } from "vitest";
import { parseDatabaseUrl } from "../../src/sql/url.ts";

test.each([
  ["sqlite:.data/atlas.sqlite", { kind: "sqlite", file: ".data/atlas.sqlite" }],
  ["sqlite:/var/lib/atlas.sqlite", { kind: "sqlite", file: "/var/lib/atlas.sqlite" }],
  ["SQLite:atlas.sqlite", { kind: "sqlite", file: "atlas.sqlite" }],
])("%s is understood", (url, address) => {
  expect(parseDatabaseUrl(url)).toEqual(address);
});

test.each([
  ["postgres://ann:s%40cret@db:5433/atlas", "postgres", { user: "ann", password: "s@cret", host: "db", port: 5433 }],
  ["postgresql://db/atlas", "postgres", { user: undefined, password: undefined, host: "db", port: 5432 }],
  ["postgres://[::1]/atlas", "postgres", { host: "::1" }],
  ["postgres:///atlas?host=/run/postgresql", "postgres", { host: "/run/postgresql", socket: "/run/postgresql" }],
  ["postgres://%2Frun%2Fpostgresql/atlas", "postgres", { socket: "/run/postgresql" }],
  ["postgres://db/atlas?user=ann&password=x&port=5433", "postgres", { user: "ann", password: "x", port: 5433 }],
  ["postgres://db/atlas?pool_size=25&connect_timeout=3", "postgres", { poolSize: 25, connectTimeoutMs: 3000 }],
  ["postgres://db/atlas", "postgres", { preparesStatements: true, bindsChannel: false, tls: "default" }],
  ["postgres://db/atlas?prepared_statements=false", "postgres", { preparesStatements: false }],
  ["postgres://db/atlas?application_name=atlas", "postgres", { applicationName: "atlas" }],
  [
    "postgres://db/atlas?sslmode=require&channel_binding=require",
    "postgres",
    { tls: "verify-full", bindsChannel: true },
  ],
  ["postgres://db/atlas?sslmode=disable", "postgres", { tls: "disable" }],
  ["postgres://db/atlas?sslmode=no-verify", "postgres", { tls: "no-verify" }],
  [
    "postgres://db/atlas?sslmode=verify-ca&sslrootcert=ca.pem",
    "postgres",
    { tls: "verify-ca", tlsFiles: { ca: "ca.pem" } },
  ],
  [
    "postgres://db/atlas?sslcert=me.pem&sslkey=me.key",
    "postgres",
    { tlsFiles: { certificate: "me.pem", key: "me.key" } },
  ],
  ["mysql://root@127.0.0.1:3307/atlas", "mysql", { user: "root", host: "127.0.0.1", port: 3307, database: "atlas" }],
  ["mariadb://root@127.0.0.1/atl%20as", "mysql", { port: 3306, database: "atl as" }],
  ["mysql:///atlas?socket=/run/mysqld/mysqld.sock", "mysql", { socket: "/run/mysqld/mysqld.sock" }],
  [
    "mysql://db/atlas?ssl-mode=VERIFY_IDENTITY&ssl-ca=ca.pem",
    "mysql",
    { tls: "verify-full", tlsFiles: { ca: "ca.pem" } },
  ],
  ["mysql://db/atlas?ssl-mode=VERIFY_CA&ssl-cert=a&ssl-key=b", "mysql", { tls: "verify-ca" }],
  ["mysql://db/atlas?ssl-mode=REQUIRED", "mysql", { tls: "verify-full" }],
  ["mysql://db/atlas?sslmode=DISABLED&pool_size=3", "mysql", { tls: "disable", poolSize: 3 }],
])("%s is understood", (url, kind, server) => {
  expect(parseDatabaseUrl(url)).toMatchObject({ kind, server });
});

describe("an invalid URL is an error of one line with the expected format and the URL", () => {
  test.each([
    ["", 'got ""'],
    ["atlas.sqlite", 'got "atlas.sqlite"'],
    ["oracle://db/atlas", 'got "oracle://db/atlas"'],
    ["sqlite:", "has no file name"],
    ["sqlite::memory:", "each reader thread would have its own in-memory database"],
    ["sqlite://atlas.sqlite", "the path must follow the colon"],
    ["postgres:atlas", 'got "postgres:atlas"'],
    ["postgres://db", "has no database name"],
    ["postgres://db/", "has no database name"],
    ["mysql:///atlas", "has no host"],
    ["mysql://db:notaport/atlas", 'got "mysql://db:notaport/atlas"'],
    ["postgres://db/at%las", "a % is not followed by two hexadecimal digits"],
    [
      "postgres://db/atlas?sllmode=require",
      'parameter "sllmode" is unknown: expected host, port, user, password, sslmode',
    ],
    [
      "mysql://db/atlas?multipleStatements=true",
      'parameter "multipleStatements" is unknown: expected socket, ssl-mode',
    ],
    ["mysql://db/atlas?ssl-ca=a&sslrootcert=b", 'which has "sslrootcert" twice'],
    ["postgres://db/atlas?sslmode=prefer", 'whose "sslmode" is "prefer": expected "disable", "require"'],
    ["postgres://db/atlas?sslmode=constructor", 'whose "sslmode" is "constructor"'],
    ["mysql://db/atlas?ssl-mode=PREFERRED", 'whose "ssl-mode" is "PREFERRED": expected "disable", "require"'],
    ["postgres://db/atlas?pool_size=0", 'whose "pool_size" is "0": expected a whole number, at least 1'],
    ["postgres://db/atlas?connect_timeout=1.5", "expected a whole number of seconds, at least 1"],
    ["postgres://db/atlas?prepared_statements=no", 'expected "true" or "false"'],
  ])("%s", (url, reason) => {
    expect(() => parseDatabaseUrl(url)).toThrow(/^Expected a database URL, "sqlite:<file>", [^\n]*$/);
    expect(() => parseDatabaseUrl(url)).toThrow(reason);
  });
});

test.each([
  "postgres://ann:s3cret@db",
  "postgres://ann:s3cret@x@db:1:2/",
  "ann:s3cret@db/atlas",
  "mysql://db?password=s3cret&x=1",
  "oracle:ann/s3cret@db",
])("a password is not shown: %s", (url) => {
  expect(() => parseDatabaseUrl(url)).toThrow("***");
  expect(() => parseDatabaseUrl(url)).not.toThrow("s3cret");
});
