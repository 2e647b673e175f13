import { describe, expect, test } from "vitest";
import { parseDatabaseUrl } from "../../../datasources/sql/url.ts";

test.each([
  ["sqlite:.data/atlas.sqlite", { kind: "sqlite", file: ".data/atlas.sqlite" }],
  ["sqlite:/var/lib/atlas.sqlite", { kind: "sqlite", file: "/var/lib/atlas.sqlite" }],
  ["SQLite:atlas.sqlite", { kind: "sqlite", file: "atlas.sqlite" }],
  ["postgres://ann:secret@db:5432/atlas", { kind: "postgres", url: "postgres://ann:secret@db:5432/atlas" }],
  ["postgresql://db/atlas", { kind: "postgres", url: "postgresql://db/atlas" }],
  ["postgres:///atlas?host=/run/postgresql", { kind: "postgres", url: "postgres:///atlas?host=/run/postgresql" }],
  ["mysql://root@127.0.0.1:3306/atlas", { kind: "mysql", url: "mysql://root@127.0.0.1:3306/atlas" }],
  ["mariadb://root@127.0.0.1/atlas", { kind: "mysql", url: "mysql://root@127.0.0.1/atlas" }],
])("%s is understood", (url, address) => {
  expect(parseDatabaseUrl(url)).toEqual(address);
});

describe("a URL that makes no sense is refused with one line that says what was expected and what came", () => {
  test.each([
    ["", 'got ""'],
    ["atlas.sqlite", 'got "atlas.sqlite"'],
    ["oracle://db/atlas", 'got "oracle://db/atlas"'],
    ["sqlite:", "names no file"],
    ["sqlite::memory:", "every reader thread would have a database of its own"],
    ["sqlite://atlas.sqlite", "right after the colon"],
    ["postgres:atlas", 'got "postgres:atlas"'],
    ["postgres://db", "names no database"],
    ["postgres://db/", "names no database"],
    ["mysql:///atlas", "names no host"],
    ["mysql://db:notaport/atlas", 'got "mysql://db:notaport/atlas"'],
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
