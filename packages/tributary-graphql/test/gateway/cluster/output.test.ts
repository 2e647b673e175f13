import { PassThrough, Writable } from "node:stream";
import { expect, test, vi } from "vitest";
import { forwardLines } from "../../../src/gateway/cluster/forward-lines.ts";
import { runToy } from "./support/run-toy.ts";

vi.setConfig({ testTimeout: 60_000 });

test("lines of all workers stay whole, however long, and name their worker and process", async () => {
  const toy = await runToy({ TOY_WORKERS: "3" });
  const pids = await toy.workerPids();
  const lengths = Array.from({ length: 60 }, (_, index) => (index % 2 === 0 ? 10 : 200_000));
  await Promise.all(lengths.map((length) => toy.ask(`{ logged(value: ${length}) }`)));
  const lines = await toy.logged("padded", 60);
  const shapes = lines.map(({ padding, worker }) => [String(padding).length, new Set(String(padding)), worker]);
  expect(shapes.map(([length]) => length).sort()).toEqual([...lengths].sort());
  for (const [, digits, worker] of shapes) expect(digits).toEqual(new Set([String(worker)]));
  const pidsOf = Map.groupBy(lines, ({ worker }) => worker);
  expect([...pidsOf.keys()].sort()).toEqual([1, 2, 3]);
  for (const some of pidsOf.values()) expect(new Set(some.map(({ pid }) => pid)).size).toBe(1);
  expect(new Set(lines.map(({ pid }) => pid))).toEqual(new Set(pids));
});

/** A stream that is full after each chunk, and records the chunks. */
function sink(): { target: Writable; chunks: string[] } {
  const chunks: string[] = [];
  const target = new Writable({
    highWaterMark: 1,
    write: (chunk, _encoding, done) => {
      chunks.push(String(chunk));
      setImmediate(done);
    },
  });
  return { target, chunks };
}

test("a line that arrives in parts is forwarded in one chunk, and the last one gets a line feed", async () => {
  const source = new PassThrough();
  const { target, chunks } = sink();
  const forwarded = forwardLines(source, target);
  for (const part of ["one\ntw", "o", "\nthree\n", "fo", "ur"]) {
    source.write(part);
    await new Promise((resolve) => setImmediate(resolve));
  }
  source.end();
  await forwarded;
  expect(chunks).toEqual(["one\n", "two\nthree\n", "four\n"]);
});

test("lines for a closed target are dropped, and do not block the writer", async () => {
  const source = new PassThrough();
  const target = new Writable({ write: (_chunk, _encoding, done) => done(new Error("EPIPE")) });
  target.on("error", () => {});
  const forwarded = forwardLines(source, target);
  for (let line = 0; line < 100; line++) source.write("x".repeat(1_000).concat("\n"));
  source.end();
  await forwarded;
  expect(source.readableEnded).toBe(true);
});
