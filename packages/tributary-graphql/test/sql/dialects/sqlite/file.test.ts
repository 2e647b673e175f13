import { copyFile, mkdtemp, open, rename, rm, stat, truncate, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { startingToyGateway } from "tributary-testing/toy-gateway.ts";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CallLog } from "../../../../src/core/call-log.ts";
import type { Database } from "../../../../src/sql/database.ts";
import { openDatabase } from "../../../../src/sql/open.ts";
import { createReads } from "../../../../src/sql/reads.ts";

interface Notes {
  note: { id: number; text: string };
}

const typeDefs = `
  type Query { text(id: Int!): String }
  type Mutation { add(id: Int!): Boolean }`;

let folder: string;
let file: string;
let database: Database<Notes> | undefined;

/** 1,000 rows in some hundred pages, all of them in the main file and not in the WAL. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tributary-file-"));
  file = join(folder, "notes.sqlite");
  const made = new DatabaseSync(file);
  made.exec("create table note (id integer primary key, text text not null check (text <> ''))");
  made.exec("create unique index note_text on note (text)");
  made.exec(`with recursive n(i) as (select 1 union all select i + 1 from n where i < 1000)
    insert into note select i, 'note ' || i || hex(zeroblob(200)) from n`);
  made.close();
});
afterEach(async () => {
  await database?.close();
  database = undefined;
  await rm(folder, { recursive: true });
});

/** Overwrites all pages from the third on. */
async function spoil(path: string): Promise<void> {
  const { size } = await stat(path);
  const handle = await open(path, "r+");
  await handle.write(Buffer.alloc(size - 8192, 0xa5), 0, size - 8192, 8192);
  await handle.close();
}

async function served() {
  const opened = await openDatabase<Notes>(`sqlite:${file}`, { busyTimeoutMs: 50, readers: 2 });
  database = opened;
  const reads = () => createReads(opened, { calls: new CallLog(), signal: new AbortController().signal });
  const toy = startingToyGateway(
    typeDefs,
    {
      Query: {
        text: async (_: unknown, { id }: { id: number }) =>
          (await reads().oneByKey({ call: "noteById", table: "note", key: "id" }).load(id))?.text.slice(0, 7),
      },
      Mutation: {
        add: async (_: unknown, { id }: { id: number }) =>
          reads().write("addNote", async (trx) => {
            await trx
              .insertInto("note")
              .values({ id, text: `${id}` })
              .execute();
            return true;
          }),
      },
    },
    { readiness: { database: (signal) => opened.ping(signal) } },
  );
  toy.gateway.markReady();
  const ready = async () => {
    const response = await toy.gateway.fetch(new Request("http://toys.test/health/ready"));
    return response.json();
  };
  return { ask: toy.ask, ready };
}

describe("an SQLite file", () => {
  test("that is intact is ready, also during writes", async () => {
    const { ask, ready } = await served();
    expect(await ready()).toEqual({ status: "ready" });
    for (const id of [2001, 2002]) expect((await ask(`mutation { add(id: ${id}) }`)).data).toEqual({ add: true });
    expect(await ready()).toEqual({ status: "ready" });
  });

  test.each([
    [
      "with overwritten pages",
      spoil,
      /Cannot open the database [^\n]+: (?:the file is corrupt|database disk image is malformed)/,
    ],
    [
      "that is cut off",
      (path: string) => truncate(path, 20_000),
      /: (?:the file is corrupt|database disk image is malformed)/,
    ],
    ["with another header", (path: string) => writeFile(path, "x".repeat(4096)), /: file is not a database$/],
  ])("%s is not opened, and one line says why", async (_, damage, line) => {
    await damage(file);
    const failure = await openDatabase(`sqlite:${file}`).catch((error: Error) => error);
    expect(String(failure)).toMatch(line);
    expect(String(failure)).not.toContain("\n");
  });

  test("that is overwritten while it is open fails readiness, and reads as UPSTREAM_UNAVAILABLE", async () => {
    const { ask, ready } = await served();
    await spoil(file);
    const failed = { status: "unready", failed: { database: "The database cannot be used." } };
    await vi.waitFor(async () => expect(await ready()).toEqual(failed), { timeout: 15_000 });
    expect(await ready()).toEqual(failed);
    expect((await ask("{ text(id: 900) }")).errors?.[0]).toMatchObject({
      message: "The database cannot be used.",
      extensions: { code: "UPSTREAM_UNAVAILABLE", source: "database" },
    });
  });

  test("that is removed or replaced while it is open fails readiness", async () => {
    const { ready } = await served();
    await copyFile(file, `${file}.new`);
    await rename(`${file}.new`, file);
    expect(await ready()).toEqual({
      status: "unready",
      failed: { database: "The database file was replaced while it was open: restart to read the new file." },
    });
    await unlink(file);
    expect(await ready()).toEqual({
      status: "unready",
      failed: { database: "The database file does not exist any more." },
    });
  });

  test("that another process has locked is UPSTREAM_UNAVAILABLE for a write, and CONFLICT names a constraint", async () => {
    const { ask } = await served();
    const other = new DatabaseSync(file);
    other.exec("begin immediate");
    expect((await ask("mutation { add(id: 3000) }")).errors?.[0]).toMatchObject({
      extensions: { code: "UPSTREAM_UNAVAILABLE", source: "database" },
    });
    other.exec("rollback");
    other.close();
    expect((await ask("mutation { add(id: 1) }")).errors?.[0]).toMatchObject({
      message: 'The change violates the constraint "note.id".',
      extensions: { code: "CONFLICT", source: "database", constraint: "note.id" },
    });
    expect((await ask("{ text(id: 7) }")).data).toEqual({ text: "note 70" });
  });
});
