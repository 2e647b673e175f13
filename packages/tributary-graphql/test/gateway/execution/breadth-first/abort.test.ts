import { getEventListeners } from "node:events";
import { AbortedGraphQLExecutionError, type ExecutionResult, type GraphQLResolveInfo } from "graphql";
import { describe, expect, test } from "vitest";
import { AbortedExecution } from "../../../../src/gateway/execution/breadth-first/aborted-execution.ts";
import { run, schemaOf } from "./support/ask.ts";

const sdl = `
  type Query { n: Int strict: Int! slow: Int item: Item items: [Item] numbers: [Int] thing: Thing }
  type Mutation { first: Int second: Int }
  type Item { n: Int slow: Int item: Item }
  interface Thing { n: Int }
  type Real implements Thing { n: Int }`;
const schema = schemaOf(sdl);
const reason = new Error("enough");

/** The error of an aborted execution, and its partial result. */
async function abortedBy(result: ReturnType<typeof run>) {
  const error = await Promise.resolve(result).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AbortedGraphQLExecutionError)) throw new Error(`Expected an aborted execution, got ${error}.`);
  const partial: Promise<ExecutionResult> = Promise.resolve(error.abortedResult as ExecutionResult);
  return { error, partial: partial.then((settled) => JSON.parse(JSON.stringify(settled))) };
}

const abortedAt = (path: readonly (string | number)[], column: number) => ({
  message: "Aborted!",
  path,
  locations: [{ line: 1, column }],
});

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe("before", () => {
  test("an execution whose signal is aborted already throws the reason at once, and calls nothing", () => {
    let calls = 0;
    const rootValue = { n: () => calls++ };
    expect(() => run(schema, "{ n }", { rootValue, abortSignal: AbortSignal.abort(reason) })).toThrow(reason);
    expect(calls).toBe(0);
  });

  test("errors of the request come first", () => {
    const abortSignal = AbortSignal.abort(reason);
    expect(run(schema, "{ n }", { abortSignal, operationName: "Nothing" })).toEqual({
      errors: [expect.objectContaining({ message: 'Unknown operation named "Nothing".' })],
    });
  });
});

describe("during", () => {
  test("an abort while resolvers are called lets the level complete, and then throws with the partial result", () => {
    const controller = new AbortController();
    const rootValue = { n: () => controller.abort(reason), item: () => ({ n: 1 }) };
    let thrown: unknown;
    try {
      run(schema, "{ n item { n } }", { rootValue, abortSignal: controller.signal });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(AbortedGraphQLExecutionError);
    const { cause, message, abortedResult } = thrown as AbortedGraphQLExecutionError<ExecutionResult>;
    expect([cause, message]).toEqual([reason, "enough"]);
    expect(JSON.parse(JSON.stringify(abortedResult))).toEqual({ data: { n: null, item: { n: 1 } } });
  });

  test("an abort while promises are waited for ends the execution at once, whatever they come to", async () => {
    const controller = new AbortController();
    const result = run(schema, "{ n slow }", {
      rootValue: { n: 1, slow: new Promise(() => undefined) },
      abortSignal: controller.signal,
    });
    controller.abort(reason);
    const { error } = await abortedBy(result);
    expect(error.cause).toBe(reason);
    expect(error.message).toBe("enough");
  });

  test("values from before the abort are in the partial result; the others are aborted once they settle", async () => {
    const controller = new AbortController();
    const slow = Promise.withResolvers<number>();
    const text = "{ n item { n item { n } } slow }";
    const rootValue = { n: 1, item: async () => ({ n: 2, item: async () => ({ n: 3 }) }), slow: slow.promise };
    const result = run(schema, text, { rootValue, abortSignal: controller.signal });
    await nextTurn();
    controller.abort(reason);
    const { partial } = await abortedBy(result);
    slow.resolve(4);
    expect(await partial).toEqual({
      errors: [abortedAt(["slow"], text.indexOf("slow") + 1)],
      data: { n: 1, item: { n: 2, item: { n: 3 } }, slow: null },
    });
  });

  test("items that were there before the abort are kept, those beside them aborted", async () => {
    const controller = new AbortController();
    const slow = Promise.withResolvers<number>();
    const rootValue = { items: [{ n: async () => 1 }, { n: () => slow.promise }], numbers: [slow.promise, 5] };
    const result = run(schema, "{ items { n } numbers }", { rootValue, abortSignal: controller.signal });
    await nextTurn();
    controller.abort(reason);
    const { partial } = await abortedBy(result);
    slow.resolve(2);
    const { data, errors } = await partial;
    expect(data).toEqual({ items: [{ n: 1 }, { n: null }], numbers: [null, 5] });
    expect(
      errors.map(({ path, message }: { path: string[]; message: string }) => `${message} ${path.join(".")}`).sort(),
    ).toEqual(["Aborted! items.1.n", "Aborted! numbers.0"]);
  });

  test("a rejection after the abort is reported as itself", async () => {
    const controller = new AbortController();
    const slow = Promise.withResolvers<number>();
    const result = run(schema, "{ slow }", { rootValue: { slow: slow.promise }, abortSignal: controller.signal });
    controller.abort(reason);
    const { partial } = await abortedBy(result);
    slow.reject(new Error("too late"));
    expect(await partial).toEqual({
      errors: [{ message: "too late", path: ["slow"], locations: [{ line: 1, column: 3 }] }],
      data: { slow: null },
    });
  });

  test("an aborted non-null position makes the partial result null", async () => {
    const controller = new AbortController();
    const strict = Promise.withResolvers<number>();
    const result = run(schema, "{ n strict }", {
      rootValue: { n: 1, strict: strict.promise },
      abortSignal: controller.signal,
    });
    controller.abort(reason);
    const { partial } = await abortedBy(result);
    strict.resolve(1);
    expect(await partial).toEqual({ errors: [abortedAt(["strict"], 5)], data: null });
  });
});

describe("a value that never comes", () => {
  const never = new Promise<never>(() => undefined);

  async function* endless(): AsyncGenerator<number> {
    yield 1;
    yield await never;
  }

  async function givenUp(text: string, rootValue: object, type?: Promise<string>) {
    const controller = new AbortController();
    const asked = type ? schemaOf(sdl, { Thing: { resolveType: () => type } }) : schema;
    const result = run(asked, text, { rootValue, abortSignal: controller.signal });
    await nextTurn();
    controller.abort(reason);
    const { error, partial } = await abortedBy(result);
    if (!(error instanceof AbortedExecution)) throw new Error("Expected an execution that can be given up.");
    error.giveUp();
    const { data, errors } = await partial;
    return {
      data,
      errors: errors?.map((one: { path?: string[]; message: string }) => `${one.message} ${one.path?.join(".")}`),
    };
  }

  test.each([
    ["a field", "{ n slow }", { n: 1, slow: never }, { n: 1, slow: null }, "slow"],
    ["an item", "{ numbers }", { numbers: [1, never, 3] }, { numbers: [1, null, 3] }, "numbers.1"],
    [
      "a field of one of many objects",
      "{ items { n slow } }",
      {
        items: [
          { n: 1, slow: never },
          { n: async () => 2, slow: async () => 3 },
        ],
      },
      {
        items: [
          { n: 1, slow: null },
          { n: 2, slow: 3 },
        ],
      },
      "items.0.slow",
    ],
    ["the next item", "{ n numbers }", { n: 1, numbers: endless }, { n: 1, numbers: null }, "numbers"],
  ])("%s can be given up, and settled values are kept", async (_value, text, rootValue, data, path) => {
    expect(await givenUp(text, rootValue)).toEqual({ data, errors: [`Aborted! ${path}`] });
  });

  test("a type that is never decided can be given up", async () => {
    const answer = await givenUp("{ n thing { n } }", { n: 1, thing: { n: 2 } }, never);
    expect(answer).toEqual({ data: { n: 1, thing: null }, errors: ["Aborted! thing"] });
  });

  test("objects from before the abort keep all of their fields, however slow their siblings are", async () => {
    const { data, errors } = await givenUp("{ items { item { n item { n } } } }", {
      items: [{ item: never }, { item: async () => ({ n: async () => 1, item: { n: 2 } }) }],
    });
    expect(data).toEqual({ items: [{ item: null }, { item: { n: 1, item: { n: 2 } } }] });
    expect(errors).toEqual(["Aborted! items.0.item"]);
  });
});

describe("between levels", () => {
  test("fields of an object that comes after the abort are not resolved", async () => {
    const controller = new AbortController();
    const calls: string[] = [];
    const item = Promise.withResolvers<object>();
    const rootValue = { item: item.promise, items: [item.promise, item.promise] };
    const result = run(schema, "{ item { n } items { n } }", { rootValue, abortSignal: controller.signal });
    controller.abort(reason);
    const { partial } = await abortedBy(result);
    item.resolve({ n: () => calls.push("n") });
    expect((await partial).data).toEqual({ item: null, items: [null, null] });
    expect(calls).toEqual([]);
  });

  test("a type that is decided after the abort leads to no call", async () => {
    const controller = new AbortController();
    const calls: string[] = [];
    const type = Promise.withResolvers<string>();
    const result = run(schemaOf(sdl, { Thing: { resolveType: () => type.promise } }), "{ thing { n } }", {
      rootValue: { thing: { n: () => calls.push("n") } },
      abortSignal: controller.signal,
    });
    controller.abort(reason);
    const { partial } = await abortedBy(result);
    type.resolve("Real");
    expect(await partial).toEqual({ errors: [abortedAt(["thing"], 3)], data: { thing: null } });
    expect(calls).toEqual([]);
  });

  test("a mutation's next field is not begun", async () => {
    const controller = new AbortController();
    const calls: string[] = [];
    const first = Promise.withResolvers<number>();
    const rootValue = { first: () => first.promise, second: () => calls.push("second") };
    const result = run(schema, "mutation { first second }", { rootValue, abortSignal: controller.signal });
    controller.abort(reason);
    const { partial } = await abortedBy(result);
    first.resolve(1);
    expect((await partial).data).toBeNull();
    expect(calls).toEqual([]);
  });

  test("a mutation that aborts itself is not gone on with", () => {
    const controller = new AbortController();
    const calls: string[] = [];
    const rootValue = { first: () => controller.abort(reason), second: () => calls.push("second") };
    expect(() => run(schema, "mutation { first second }", { rootValue, abortSignal: controller.signal })).toThrow(
      "enough",
    );
    expect(calls).toEqual([]);
  });
});

describe("asynchronous lists", () => {
  function source(waiting: Promise<unknown>) {
    const calls = { next: 0, return: 0 };
    const iterator = {
      next: async () => {
        if (++calls.next > 1) await waiting;
        return { done: false, value: calls.next };
      },
      return: async () => {
        calls.return++;
        return { done: true, value: undefined };
      },
    };
    return { calls, numbers: { [Symbol.asyncIterator]: () => iterator } };
  }

  test("one that is being read is told to end, once, and nothing more is read", async () => {
    const controller = new AbortController();
    const gate = Promise.withResolvers<void>();
    const { calls, numbers } = source(gate.promise);
    const result = run(schema, "{ n numbers }", { rootValue: { n: 1, numbers }, abortSignal: controller.signal });
    await nextTurn();
    controller.abort(reason);
    const { partial } = await abortedBy(result);
    gate.resolve();
    expect(await partial).toEqual({ errors: [abortedAt(["numbers"], 5)], data: { n: 1, numbers: null } });
    await nextTurn();
    expect(calls).toEqual({ next: 2, return: 1 });
  });

  test("an end that comes after the abort is not told to end again", async () => {
    const controller = new AbortController();
    const gate = Promise.withResolvers<void>();
    let returned = 0;
    const iterator = {
      next: () => gate.promise.then(() => ({ done: true, value: undefined })),
      return: async () => {
        returned++;
        return { done: true, value: undefined };
      },
    };
    const numbers = { [Symbol.asyncIterator]: () => iterator };
    const result = run(schema, "{ numbers }", { rootValue: { numbers }, abortSignal: controller.signal });
    controller.abort(reason);
    const { partial } = await abortedBy(result);
    gate.resolve();
    expect(await partial).toEqual({ errors: [abortedAt(["numbers"], 3)], data: { numbers: null } });
    expect(returned).toBe(0);
  });
});

describe("the signal that resolvers are given", () => {
  test("is aborted with the reason when the execution is", async () => {
    const controller = new AbortController();
    let given: AbortSignal | undefined;
    const slow = (_args: unknown, _context: unknown, info: GraphQLResolveInfo) => {
      given = info.getAbortSignal();
      return new Promise(() => undefined);
    };
    const result = run(schema, "{ slow }", { rootValue: { slow }, abortSignal: controller.signal });
    expect(given?.aborted).toBe(false);
    controller.abort(reason);
    await abortedBy(result);
    expect(given?.reason).toBe(reason);
  });

  test("is one for all the fields of an execution, and ends with it", async () => {
    const given = new Set<AbortSignal | undefined>();
    const n = async (_args: unknown, _context: unknown, info: GraphQLResolveInfo) =>
      void given.add(info.getAbortSignal());
    await run(schema, "{ n item { n } items { n } }", { rootValue: { n, item: { n }, items: [{ n }, { n }] } });
    await run(schema, "{ n }", { rootValue: { n } });
    expect([...given].map((signal) => signal?.aborted)).toEqual([true, true]);
  });

  test("is aborted when an error has made the whole data null while others are still under way", async () => {
    let given: AbortSignal | undefined;
    const slow = (_args: unknown, _context: unknown, info: GraphQLResolveInfo) => {
      given = info.getAbortSignal();
      return new Promise(() => undefined);
    };
    const strict = () => Promise.reject(new Error("no"));
    await run(schema, "{ slow strict }", { rootValue: { slow, strict } });
    expect(given?.aborted).toBe(true);
  });
});

describe("the signal that was given", () => {
  test.each(["{ n }", "{ n slow }", "{ strict }"])("is let go of when %s is answered", async (text) => {
    const { signal } = new AbortController();
    const rootValue = { n: 1, slow: async () => 2, strict: () => Promise.reject(new Error("no")) };
    await run(schema, text, { rootValue, abortSignal: signal });
    expect(getEventListeners(signal, "abort").length).toBe(0);
  });

  test("may abort when the answer is there, which changes nothing", async () => {
    const controller = new AbortController();
    const result = await run(schema, "{ slow }", {
      rootValue: { slow: async () => 1 },
      abortSignal: controller.signal,
    });
    controller.abort(reason);
    expect(JSON.stringify(result)).toBe('{"data":{"slow":1}}');
  });

  test.each([
    ["a text", "a text"],
    [{ message: "of an object" }, "of an object"],
    [undefined, "This operation was aborted"],
  ])("may have the reason %j", async (given, message) => {
    const controller = new AbortController();
    const result = run(schema, "{ slow }", {
      rootValue: { slow: new Promise(() => undefined) },
      abortSignal: controller.signal,
    });
    controller.abort(given);
    expect((await abortedBy(result)).error.message).toBe(message);
  });
});
