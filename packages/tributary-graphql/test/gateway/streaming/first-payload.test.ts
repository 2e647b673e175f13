import DataLoader from "dataloader";
import { collect, next, readMultipart } from "tributary-testing/read-stream.ts";
import { toyGateway } from "tributary-testing/toy-gateway.ts";
import { describe, expect, test } from "vitest";

const accept = "multipart/mixed;incrementalSpec=v0.2";
const sdl = `
  type Query { fast: String items: [Item!] numbers: [Item!] nested: Nested }
  type Nested { items: [Item!] }
  type Item { id: Int name: String }
`;

const itemCount = 50;

/** One loader for everything, whose batches are told, and wait for `release` once one has a key from `slowFrom` on. */
function world(slowFrom = Number.POSITIVE_INFINITY) {
  const batches: number[][] = [];
  const released = Promise.withResolvers<void>();
  const loader = new DataLoader<number, string>(async (ids) => {
    batches.push([...ids]);
    if (ids.some((id) => id >= slowFrom)) await released.promise;
    return ids.map((id) => `name ${id}`);
  });
  const items = Array.from({ length: itemCount }, (_, id) => ({ id }));
  const toy = toyGateway(sdl, {
    Query: {
      fast: () => loader.load(0),
      items: () => items,
      numbers: async function* () {
        yield* items;
      },
      nested: () => ({ items }),
    },
    Item: { name: (item) => loader.load((item as { id: number }).id) },
  });
  const ask = async (query: string) => readMultipart(await toy.post(query, { accept }));
  return { ask, batches, release: released.resolve };
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

describe("the first payload comes while all that is streamed or deferred is held back", () => {
  test.each([
    ["a list", "{ fast items @stream(initialCount: 2) { name } }"],
    ["an asynchronous list", "{ fast numbers @stream(initialCount: 2) { name } }"],
    [
      "a list in a deferred fragment",
      "{ fast nested { items @stream(initialCount: 2) { name } } ... @defer { items { name } } }",
    ],
  ])("of %s, with one loader for all", async (_what, query) => {
    const { ask, release, batches } = world(2);
    const payloads = await ask(query);
    expect((await next(payloads)).data).toMatchObject({ fast: "name 0" });
    expect(batches.flat().every((id) => id < 2)).toBe(true);
    release();
    expect((await collect(payloads)).at(-1)?.hasNext).toBe(false);
  });
});

describe("the items of a streamed list are looked up", () => {
  test.each([
    ["of a list", "items"],
    ["of an asynchronous list", "numbers"],
  ])("in two batches: the first ones, and all the others (%s)", async (_what, field) => {
    const { ask, batches } = world();
    await collect(await ask(`{ ${field} @stream(initialCount: 2) { name } }`));
    expect(batches).toEqual([range(0, 2), range(2, itemCount)]);
  });

  test("in one batch where none comes at once", async () => {
    const { ask, batches } = world();
    await collect(await ask("{ items @stream { name } }"));
    expect(batches).toEqual([range(0, itemCount)]);
  });

  test("in a batch of their own where the list belongs to a deferred fragment, after that has been delivered", async () => {
    const { ask, batches } = world();
    const all = await collect(await ask("{ fast ... @defer { nested { items @stream(initialCount: 2) { name } } } }"));
    expect(batches).toEqual([[0], [1], range(2, itemCount)]);
    expect(all.flatMap(({ incremental = [] }) => incremental)).toHaveLength(2);
  });

  test("in one batch for what all of them defer", async () => {
    const { ask, batches } = world();
    await collect(await ask("{ items @stream(initialCount: 2) { id ... @defer { name } } }"));
    expect(batches).toEqual([range(0, itemCount)]);
  });

  test("a hundred at a time where there are more", async () => {
    const batches: number[] = [];
    const loader = new DataLoader<number, number>(async (ids) => {
      batches.push(ids.length);
      return ids;
    });
    const toy = toyGateway(sdl, {
      Query: { items: () => range(0, 1_000).map((id) => ({ id })) },
      Item: { name: (item) => loader.load((item as { id: number }).id) },
    });
    const all = await collect(readMultipart(await toy.post("{ items @stream(initialCount: 2) { name } }", { accept })));
    const items = all.flatMap(({ incremental = [] }) => incremental).flatMap((entry) => entry.items ?? []);
    expect(items).toEqual(range(2, 1_000).map((id) => ({ name: String(id) })));
    expect(batches.length).toBeLessThanOrEqual(12);
  });
});

test("a list of promises that is given up before its turn leaves no rejection unhandled", async () => {
  const toy = toyGateway("type Query { must: Int! list: [Int] }", {
    Query: { must: () => null, list: () => [1, Promise.reject(new Error("nobody waits for this one"))] },
  });
  const answer = await collect(readMultipart(await toy.post("{ list @stream(initialCount: 1) must }", { accept })));
  expect(answer).toMatchObject([{ data: null, errors: [{ path: ["must"] }] }]);
});
