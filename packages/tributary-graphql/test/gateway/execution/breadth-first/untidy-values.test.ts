import { setTimeout as delay } from "node:timers/promises";
import { type ExecutionArgs, execute as graphqlExecute, parse } from "graphql";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rejections } from "./random/rejections.ts";
import { ask, schemaOf } from "./support/ask.ts";
import { execute } from "./under-test.ts";

/** Values that come while others of their level are pending, and must not delay them. */

beforeAll(() => rejections.listen());
afterAll(() => rejections.stopListening());

const sdl = "type Query { items: [Item] } type Item { n: Int friend: Item }";

/** Items that come at once, and one that comes an event-loop iteration later. */
const withLate = (...items: unknown[]) => [...items.map(async (item) => item), delay(1, { n: 0 })];

/** A promise that counts calls of `then`, and throws after too many. */
function counted<Value>(promise: Promise<Value>) {
  const listened = { times: 0, promise };
  const listen = (...handlers: Parameters<Promise<Value>["then"]>) => {
    if (++listened.times > 50) throw new Error("Expected a promise to be listened to a few times.");
    return Promise.prototype.then.apply(promise, handlers);
  };
  // biome-ignore lint/suspicious/noThenProperty: it is a promise, and stays one.
  Object.defineProperty(promise, "then", { value: listen });
  return listened;
}

describe("a level with one pending value", () => {
  test("takes objects whose promises lead back to themselves", async () => {
    const parent: Record<string, unknown> = { n: 1 };
    const child: Record<string, unknown> = { n: 2 };
    const toParent = counted(Promise.resolve(parent));
    const toChildren = counted(Promise.resolve([child]));
    parent.children = toChildren.promise;
    child.friend = toParent.promise;
    expect(await ask(sdl, "{ items { n friend { n } } }", { items: withLate(parent, child) })).toEqual({
      data: {
        items: [
          { n: 1, friend: null },
          { n: 2, friend: { n: 1 } },
          { n: 0, friend: null },
        ],
      },
    });
    expect(rejections.take()).toEqual([]);
    expect(toParent.times + toChildren.times).toBeLessThan(20);
  });

  test("takes lists that hold themselves", async () => {
    const list: unknown[] = [];
    list.push(list);
    const { errors } = await ask("type Query { lists: [[Int]] }", "{ lists }", { lists: [list, delay(1, [7])] });
    expect(errors?.[0]?.path).toEqual(["lists", 0, 0]);
    const later = await ask("type Query { lists: [[Int]] }", "{ lists }", { lists: withLate(list) });
    expect(later.errors?.[0]?.path).toEqual(["lists", 0, 0]);
  });

  test("takes objects that cannot be inspected", async () => {
    const shut = new Proxy(
      { n: 1 },
      {
        ownKeys() {
          throw new Error("Not to be listed.");
        },
      },
    );
    expect(await ask(sdl, "{ items { n } }", { items: withLate(shut) })).toEqual({
      data: { items: [{ n: 1 }, { n: 0 }] },
    });
  });

  test("handles a rejection within a settled value, at any depth", async () => {
    const broken = () => Promise.reject(new Error("no"));
    const holder = async () => ({ n: 1, friend: Promise.resolve({ friend: broken() }) });
    const holders = () => [holder(), delay(1, { n: 0 })];
    const { errors } = await ask(sdl, "{ items { n friend { friend { n } } } }", { items: holders });
    expect(errors?.map(({ path }) => path)).toEqual([["items", 0, "friend", "friend"]]);
    const list = async () => [broken(), broken()];
    const lists = () => [list(), delay(1, [])];
    expect((await ask("type Query { lists: [[Int]] }", "{ lists }", { lists })).errors).toHaveLength(2);
    expect(rejections.take()).toEqual([]);
  });
});

test("a promise of another kind that cannot be listened to fails its own field", async () => {
  class Deaf extends Promise<number> {
    // biome-ignore lint/suspicious/noThenProperty: it is a promise.
    override then(): never {
      throw new Error("deaf");
    }
  }
  const items = [{ n: new Deaf(() => undefined) }, { n: async () => 2 }];
  expect(await ask(sdl, "{ items { n } }", { items })).toMatchObject({
    data: { items: [{ n: null }, { n: 2 }] },
    errors: [{ message: "deaf", path: ["items", 0, "n"] }],
  });
});

describe("thousands of objects that fail", () => {
  const { stackTraceLimit } = Error;
  // Making stack traces is not to be measured.
  beforeAll(() => {
    Error.stackTraceLimit = 0;
  });
  afterAll(() => {
    Error.stackTraceLimit = stackTraceLimit;
  });

  const schema = schemaOf("type Query { items: [Item] } type Item { strict: Int! n: Int }");
  const document = parse("{ items { n strict } }");
  const no = new Error("no");

  /** The shortest of a few rounds, in milliseconds. */
  async function timeOf(execute: (args: ExecutionArgs) => ReturnType<typeof graphqlExecute>): Promise<number> {
    let shortest = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 2; round++) {
      const items = Array.from({ length: 8_000 }, () => ({ n: async () => 1, strict: () => Promise.reject(no) }));
      const start = performance.now();
      const { errors } = await execute({ schema, document, rootValue: { items } });
      shortest = Math.min(shortest, performance.now() - start);
      expect(errors).toHaveLength(8_000);
    }
    return shortest;
  }

  test("take about as long as in graphql-js", { timeout: 60_000 }, async () => {
    expect((await timeOf(execute)) / (await timeOf(graphqlExecute))).toBeLessThan(4);
  });
});
