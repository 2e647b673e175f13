import { PassThrough, Writable } from "node:stream";
import { expect, test, vi } from "vitest";
import { passOnLines } from "../../../src/gateway/cluster/whole-lines.ts";
import { runToy } from "./support/run-toy.ts";

vi.setConfig({ testTimeout: 60_000 });

test("lines of all workers are whole, however long, and say which worker and process they are of", async () => {
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

/** Takes chunks one at a time, and remembers them. */
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

test("a line that comes in parts is passed on in one piece, and the last one gets its end", async () => {
  const source = new PassThrough();
  const { target, chunks } = sink();
  const passed = passOnLines(source, target);
  for (const part of ["one\ntw", "o", "\nthree\n", "fo", "ur"]) {
    source.write(part);
    await new Promise((resolve) => setImmediate(resolve));
  }
  source.end();
  await passed;
  expect(chunks).toEqual(["one\n", "two\nthree\n", "four\n"]);
});

test("what nobody reads any more is dropped, and its writer is not held up", async () => {
  const source = new PassThrough();
  const target = new Writable({ write: (_chunk, _encoding, done) => done(new Error("EPIPE")) });
  target.on("error", () => {});
  const passed = passOnLines(source, target);
  for (let line = 0; line < 100; line++) source.write("x".repeat(1_000).concat("\n"));
  source.end();
  await passed;
  expect(source.readableEnded).toBe(true);
});
