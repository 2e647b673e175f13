import { expect, test } from "vitest";
import { ColumnLoader, type Columns } from "../../../src/sql/readers/column-loader.ts";

/** A loader that records its batches, and resolves them on demand. */
function heldLoader() {
  const sent: { keys: readonly string[]; columns: Columns }[] = [];
  const batches: PromiseWithResolvers<void>[] = [];
  const loader = new ColumnLoader<string, string>(
    async (keys, columns) => {
      sent.push({ keys, columns });
      const batch = Promise.withResolvers<void>();
      const number = batches.push(batch);
      await batch.promise;
      return keys.map((key) => (key === "bad" ? new Error("bad key") : `${key} of batch ${number}`));
    },
    (key) => key,
  );
  const nextBatch = () => new Promise((resolve) => setImmediate(resolve));
  return { loader, sent, batches, nextBatch };
}

test("concurrent loads are one batch with the union of their columns; undefined means all columns", async () => {
  const { loader, sent, nextBatch } = heldLoader();
  loader.load("a", ["x"]);
  loader.load("b", ["y", "x"]);
  loader.load("a", ["z"]);
  await nextBatch();
  loader.load("c", ["x"]);
  loader.load("d", undefined);
  await nextBatch();
  expect(sent).toEqual([
    { keys: ["a", "b"], columns: ["x", "z", "y"] },
    { keys: ["c", "d"], columns: undefined },
  ]);
});

test("a pending key with all requested columns is not sent again; otherwise it is, with the union", async () => {
  const { loader, sent, batches, nextBatch } = heldLoader();
  const first = loader.load("a", ["x", "y"]);
  await nextBatch();
  const enough = loader.load("a", ["y"]);
  const more = loader.load("a", ["z"]);
  await nextBatch();
  for (const { resolve } of batches) resolve();
  expect(await Promise.all([first, enough, more])).toEqual(["a of batch 1", "a of batch 1", "a of batch 2"]);
  expect(await loader.load("a", ["x", "z"])).toBe("a of batch 2");
  expect(sent.map(({ columns }) => columns)).toEqual([
    ["x", "y"],
    ["x", "y", "z"],
  ]);
});

test("a key is cached with all columns of its batch", async () => {
  const { loader, sent, batches, nextBatch } = heldLoader();
  loader.load("a", ["x"]);
  loader.load("b", ["y"]);
  await nextBatch();
  batches[0]?.resolve();
  expect(await loader.load("a", ["y"])).toBe("a of batch 1");
  expect(sent).toHaveLength(1);
});

test("after a clear a key is sent again, but only once per batch", async () => {
  const { loader, sent, batches, nextBatch } = heldLoader();
  const inFlight = loader.load("a", ["x"]);
  await nextBatch();
  const queued = loader.load("b", ["x"]);
  loader.clear();
  const after = [loader.load("a", ["x"]), loader.load("b", ["y"])];
  await nextBatch();
  for (const { resolve } of batches) resolve();
  expect(await Promise.all([inFlight, queued, ...after])).toEqual([
    "a of batch 1",
    "b of batch 2",
    "a of batch 2",
    "b of batch 2",
  ]);
  expect(sent[1]).toEqual({ keys: ["b", "a"], columns: ["x", "y"] });
});

test("an error fails only its key, and the next load reads again", async () => {
  const { loader, sent, batches, nextBatch } = heldLoader();
  const bad = loader.load("bad", ["x"]);
  const good = loader.load("good", ["x"]);
  await nextBatch();
  batches[0]?.resolve();
  await expect(bad).rejects.toThrow("bad key");
  expect(await good).toBe("good of batch 1");
  const again = loader.load("bad", ["x"]);
  loader.load("good", ["x"]);
  await nextBatch();
  batches[1]?.resolve();
  await expect(again).rejects.toThrow("bad key");
  expect(sent.map(({ keys }) => keys)).toEqual([["bad", "good"], ["bad"]]);
});

test("a failed batch fails each of its loads, and the next load reads again", async () => {
  const { loader, batches, nextBatch } = heldLoader();
  const loads = [loader.load("a", ["x"]), loader.load("b", ["x"])];
  await nextBatch();
  batches[0]?.reject(new Error("down"));
  expect(await Promise.allSettled(loads)).toMatchObject([
    { reason: { message: "down" } },
    { reason: { message: "down" } },
  ]);
  const again = loader.load("a", ["x"]);
  await nextBatch();
  batches[1]?.resolve();
  expect(await again).toBe("a of batch 2");
});
