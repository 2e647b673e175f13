import { expect, test } from "vitest";
import { ColumnLoader, type Columns } from "../../../src/sql/readers/column-loader.ts";

/** A loader that keeps what it was sent, and answers when it is told to. */
function heldLoader() {
  const sent: { keys: readonly string[]; columns: Columns }[] = [];
  const answers: PromiseWithResolvers<void>[] = [];
  const loader = new ColumnLoader<string, string>(
    async (keys, columns) => {
      sent.push({ keys, columns });
      const answer = Promise.withResolvers<void>();
      const number = answers.push(answer);
      await answer.promise;
      return keys.map((key) => (key === "bad" ? new Error("bad key") : `${key} of batch ${number}`));
    },
    (key) => key,
  );
  const nextBatch = () => new Promise((resolve) => setImmediate(resolve));
  return { loader, sent, answers, nextBatch };
}

test("the keys of one moment are one batch with the columns of all, and all columns win", async () => {
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

test("a key in flight with enough columns is not sent again; with too few it is, with the union", async () => {
  const { loader, sent, answers, nextBatch } = heldLoader();
  const first = loader.load("a", ["x", "y"]);
  await nextBatch();
  const enough = loader.load("a", ["y"]);
  const more = loader.load("a", ["z"]);
  await nextBatch();
  for (const { resolve } of answers) resolve();
  expect(await Promise.all([first, enough, more])).toEqual(["a of batch 1", "a of batch 1", "a of batch 2"]);
  expect(await loader.load("a", ["x", "z"])).toBe("a of batch 2");
  expect(sent.map(({ columns }) => columns)).toEqual([
    ["x", "y"],
    ["x", "y", "z"],
  ]);
});

test("a key shares in the columns that its batch read for another", async () => {
  const { loader, sent, answers, nextBatch } = heldLoader();
  loader.load("a", ["x"]);
  loader.load("b", ["y"]);
  await nextBatch();
  answers[0]?.resolve();
  expect(await loader.load("a", ["y"])).toBe("a of batch 1");
  expect(sent).toHaveLength(1);
});

test("after a clear a key is sent once more, and once only in one batch", async () => {
  const { loader, sent, answers, nextBatch } = heldLoader();
  const inFlight = loader.load("a", ["x"]);
  await nextBatch();
  const queued = loader.load("b", ["x"]);
  loader.clear();
  const after = [loader.load("a", ["x"]), loader.load("b", ["y"])];
  await nextBatch();
  for (const { resolve } of answers) resolve();
  expect(await Promise.all([inFlight, queued, ...after])).toEqual([
    "a of batch 1",
    "b of batch 2",
    "a of batch 2",
    "b of batch 2",
  ]);
  expect(sent[1]).toEqual({ keys: ["b", "a"], columns: ["x", "y"] });
});

test("a failure is that of its key alone, and the next load tries again", async () => {
  const { loader, sent, answers, nextBatch } = heldLoader();
  const bad = loader.load("bad", ["x"]);
  const good = loader.load("good", ["x"]);
  await nextBatch();
  answers[0]?.resolve();
  await expect(bad).rejects.toThrow("bad key");
  expect(await good).toBe("good of batch 1");
  const again = loader.load("bad", ["x"]);
  loader.load("good", ["x"]);
  await nextBatch();
  answers[1]?.resolve();
  await expect(again).rejects.toThrow("bad key");
  expect(sent.map(({ keys }) => keys)).toEqual([["bad", "good"], ["bad"]]);
});

test("a batch that fails as a whole fails each of its loads, and is tried again", async () => {
  const { loader, answers, nextBatch } = heldLoader();
  const loads = [loader.load("a", ["x"]), loader.load("b", ["x"])];
  await nextBatch();
  answers[0]?.reject(new Error("down"));
  expect(await Promise.allSettled(loads)).toMatchObject([
    { reason: { message: "down" } },
    { reason: { message: "down" } },
  ]);
  const again = loader.load("a", ["x"]);
  await nextBatch();
  answers[1]?.resolve();
  expect(await again).toBe("a of batch 2");
});
