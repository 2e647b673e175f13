import { collect, next, readMultipart } from "tributary-testing/read-stream.ts";
import { type ToyContext, toyGateway } from "tributary-testing/toy-gateway.ts";
import { describe, expect, test } from "vitest";
import type { ErrorCode } from "../../src/core/error-codes.ts";
import { isAbort } from "../../src/gateway/request/abort-reasons.ts";

const late: ErrorCode = "DEADLINE_EXCEEDED";
const sdl = "type Query { fast: String slow: String stuck: String after: String }";

/** A lookup as a source makes it: never comes back by itself, stops with the signal. */
function slowLookup({ signal }: ToyContext): Promise<string> {
  const { promise, reject } = Promise.withResolvers<string>();
  signal.addEventListener("abort", () => {
    const isDeadline = signal.reason instanceof Error && signal.reason.name === "TimeoutError";
    reject(Object.assign(new Error("Too slow."), isDeadline ? { code: late, source: "sun" } : {}));
  });
  return promise;
}

const resolvers = {
  Query: {
    fast: () => "fast",
    slow: (_: unknown, __: unknown, context: ToyContext) => slowLookup(context),
    stuck: () => new Promise<string>(() => {}),
  },
};

const toy = (requestTimeoutMs = 40) => toyGateway(sdl, resolvers, { requestTimeoutMs });

describe("when the deadline passes", () => {
  test("a lookup that sees its signal fails its own field, and the rest is delivered", async () => {
    const answer = await toy().ask("{ fast slow }");
    expect(answer.data).toEqual({ fast: "fast", slow: null });
    expect(answer.errors).toMatchObject([
      { message: "Too slow.", path: ["slow"], extensions: { code: late, source: "sun" } },
    ]);
  });

  test("a lookup that throws the signal's reason on gets the same code, and is not logged as unexpected", async () => {
    const gateway = toyGateway(
      sdl,
      {
        Query: {
          fast: () => "fast",
          slow: (_, __, { signal }) =>
            new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
        },
      },
      { requestTimeoutMs: 40 },
    );
    const answer = await gateway.ask("{ fast slow }");
    expect(answer.data).toEqual({ fast: "fast", slow: null });
    expect(answer.errors).toMatchObject([{ path: ["slow"], extensions: { code: late } }]);
    expect(gateway.lines.filter(({ level }) => level === 50)).toEqual([]);
  });

  test("a resolver that never settles does not hold up the answer, and fails its own field alone", async () => {
    const gateway = toy();
    const answer = await gateway.ask("{ fast stuck }");
    expect(answer.data).toEqual({ fast: "fast", stuck: null });
    expect(answer.errors).toMatchObject([{ path: ["stuck"], extensions: { code: late } }]);
    expect(gateway.lines.filter(({ level }) => level === 50)).toEqual([]);
  });

  test("a stream is closed by a last payload, with what came before it", async () => {
    const payloads = await collect(
      readMultipart(await toy().post("{ fast ... @defer { stuck } }", { accept: "multipart/mixed" })),
    );
    expect(payloads).toMatchObject([
      { data: { fast: "fast" }, hasNext: true },
      { incremental: [{ path: [], errors: [{ extensions: { code: late } }] }], hasNext: false },
    ]);
  });

  test("a deferred lookup that sees its signal fails its own field in its own payload", async () => {
    const payloads = await collect(
      readMultipart(await toy().post("{ fast ... @defer { slow } }", { accept: "multipart/mixed" })),
    );
    expect(payloads.at(-1)).toMatchObject({
      incremental: [
        { path: [], data: { slow: null }, errors: [{ path: ["slow"], extensions: { code: late, source: "sun" } }] },
      ],
      hasNext: false,
    });
  });

  test("a stream whose source never yields again is closed as well", async () => {
    const gateway = toyGateway(
      "type Query { numbers: [Int!] }",
      {
        Query: {
          numbers: async function* () {
            yield 1;
            yield await new Promise<number>(() => {});
          },
        },
      },
      { requestTimeoutMs: 40 },
    );
    const payloads = readMultipart(
      await gateway.post("{ numbers @stream(initialCount: 1) }", { accept: "multipart/mixed" }),
    );
    await next(payloads);
    expect(await collect(payloads)).toMatchObject([
      { incremental: [{ errors: [{ extensions: { code: late } }] }], hasNext: false },
    ]);
  });
});

describe("a lookup knows", () => {
  test("how much time is left", async () => {
    let left = Number.NaN;
    const gateway = toyGateway(sdl, {
      Query: {
        fast: (_, __, context) => {
          left = context.remainingMs();
          return "fast";
        },
      },
    });
    await gateway.ask("{ fast }");
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(10_000);
  });

  test("when nobody waits for it any more, since the answer is complete", async () => {
    const stopped = Promise.withResolvers<unknown>();
    const gateway = toyGateway("type Query { must: Int! slow: String }", {
      Query: {
        must: async () => {
          throw new Error("no");
        },
        slow: (_, __, { signal }) => {
          signal.addEventListener("abort", () => stopped.resolve(signal.reason));
          return new Promise(() => {});
        },
      },
    });
    expect((await gateway.ask("{ must slow }")).data).toBeNull();
    expect(isAbort(await stopped.promise)).toBe(true);
  });
});

test("a request that is answered leaves no timer behind", async () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const gateway = toy(60_000);
  const before = timers();
  await gateway.ask("{ fast }");
  await collect(readMultipart(await gateway.post("{ fast ... @defer { after } }", { accept: "multipart/mixed" })));
  await gateway.ask("{ nonsense }");
  await gateway.post("{ fast }", { accept: "image/png" });
  expect(timers()).toBeLessThanOrEqual(before);
});
