/**
 * Reads one table by key: once per message `once`, or repeatedly from `start` to `stop` over several
 * connections. Responds to `once`, `start` and `stop` with the readings so far, to `start` after the first read.
 *
 * `reading-process.ts <url> <table>`: the row of an id must have the text `<table> <id>`.
 */

import { CallLog } from "../../../src/core/call-log.ts";
import { openDatabase } from "../../../src/sql/open.ts";
import { createReads } from "../../../src/sql/reads.ts";

export interface Readings {
  readonly right: number;
  readonly wrong: readonly unknown[];
  readonly failed: readonly string[];
}

type Texts = Record<string, { id: number; text: string }>;

const [url = "", table = ""] = process.argv.slice(2);
const database = await openDatabase<Texts>(url, { poolSize: 4 });
const wrong: unknown[] = [];
const failed: string[] = [];
let right = 0;
let mayGoOn = true;
let loops: readonly Promise<void>[] = [];

process.on("message", (message) => void obey(message));
process.on("disconnect", () => process.exit());
answer();

async function obey(message: unknown): Promise<void> {
  if (message === "once") await read(1);
  if (message === "start") {
    const first = [1, 2, 3, 4, 5, 6].map(read);
    loops = first.map((reading, index) => reading.then(() => readOn(index + 1)));
    await Promise.race(first);
  }
  if (message === "stop") {
    mayGoOn = false;
    await Promise.all(loops);
  }
  answer();
}

function answer(): void {
  process.send?.({ right, wrong, failed } satisfies Readings);
}

async function readOn(id: number): Promise<void> {
  while (mayGoOn) await read(id);
}

async function read(id: number): Promise<void> {
  const reads = createReads(database, { calls: new CallLog(), signal: new AbortController().signal });
  try {
    const row = await reads.oneByKey({ call: "one", table, key: "id" }).load(id);
    const rows = await reads.manyByKey({ call: "many", table, key: "text" }).load(`${table} ${id}`);
    const count = await reads.countByParent({ call: "count", table, parent: "id" }).load(id);
    const isRight = [row, ...rows].every((each) => each?.id === id && each.text === `${table} ${id}`);
    if (isRight && rows.length === 1 && count === 1) right++;
    else wrong.push({ row, rows, count });
  } catch (error) {
    failed.push(String(error));
  }
}
