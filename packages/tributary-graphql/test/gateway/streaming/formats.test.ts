import { collect, next, readEvents, readMultipart } from "tributary-testing/read-stream.ts";
import { type ToyContext, toyGateway } from "tributary-testing/toy-gateway.ts";
import { describe, expect, test } from "vitest";

const v02 = "multipart/mixed;incrementalSpec=v0.2";
const of2022 = "multipart/mixed;deferSpec=20220824";

const sdl = `
  type Query { a: Int user: User list: [Item!] must: [Item!]! broken: Int slow: Int }
  type User { name: String late: String friend: User must: Int! }
  type Item { id: Int fails: Int! tags: [String] }
`;

const resolvers = {
  Query: {
    a: () => 1,
    user: () => ({ name: "Ada", late: async () => "late", friend: { name: "Bob", late: "later" }, must: () => null }),
    list: () => [1, 2, 3].map((id) => ({ id, tags: ["x", "y"], fails: () => (id === 3 ? null : id) })),
    must: () => [1, 2].map((id) => ({ id, fails: () => null })),
    broken: () => {
      throw new Error("the password is swordfish");
    },
    slow: (_: unknown, __: unknown, { signal }: ToyContext) =>
      new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  },
};

const toy = () => toyGateway(sdl, resolvers);

/** The payloads as they came over the wire, without error details. */
async function payloads(query: string, accept: string): Promise<unknown[]> {
  return collect(readMultipart(await toy().post(query, { accept })));
}

describe("v0.2, by name", () => {
  test("announces a deferred fragment, delivers it by its id, and completes it", async () => {
    expect(await payloads('{ a user { name ... @defer(label: "L") { late } } }', v02)).toEqual([
      { data: { a: 1, user: { name: "Ada" } }, pending: [{ id: "0", path: ["user"], label: "L" }], hasNext: true },
      { incremental: [{ id: "0", data: { late: "late" } }], completed: [{ id: "0" }], hasNext: false },
    ]);
  });

  test("delivers the rest of a streamed list as items", async () => {
    expect(await payloads("{ list @stream(initialCount: 1) { id } }", v02)).toEqual([
      { data: { list: [{ id: 1 }] }, pending: [{ id: "0", path: ["list"] }], hasNext: true },
      { incremental: [{ id: "0", items: [{ id: 2 }, { id: 3 }] }], completed: [{ id: "0" }], hasNext: false },
    ]);
  });

  test("a part that fails as a whole is completed with its error, masked", async () => {
    const [, last] = await payloads("{ user { name ... @defer { must } } }", v02);
    expect(last).toMatchObject({
      completed: [{ id: "0", errors: [{ message: "Unexpected error.", path: ["user", "must"] }] }],
      hasNext: false,
    });
  });

  test("the deadline completes every part that is pending", async () => {
    const gateway = toyGateway(
      "type Query { a: Int numbers: [Int!] slow: Int }",
      {
        Query: {
          a: () => 1,
          slow: () => new Promise(() => {}),
          numbers: async function* () {
            yield 1;
            yield await new Promise<number>(() => {});
          },
        },
      },
      { requestTimeoutMs: 40 },
    );
    const query = "{ a numbers @stream(initialCount: 1) ... @defer { slow } }";
    const all = await collect(readMultipart(await gateway.post(query, { accept: v02 })));
    const late = [{ extensions: { code: "DEADLINE_EXCEEDED" } }];
    expect(all.at(-1)).toMatchObject({
      completed: [
        { id: "0", errors: late },
        { id: "1", errors: late },
      ],
      hasNext: false,
    });
    expect(all).toHaveLength(2);
  });

  test("goes over server-sent events too, and both say in their content type what they are", async () => {
    const response = await toy().post("{ a ... @defer { user { name } } }", {
      accept: "text/event-stream;incrementalSpec=v0.2",
    });
    expect(response.headers.get("content-type")).toBe("text/event-stream; incrementalSpec=v0.2");
    expect(await collect(readEvents(response))).toEqual([
      { data: { a: 1 }, pending: [{ id: "0", path: [] }], hasNext: true },
      { incremental: [{ id: "0", data: { user: { name: "Ada" } } }], completed: [{ id: "0" }], hasNext: false },
    ]);
    const multipart = await toy().post("{ a ... @defer { user { name } } }", { accept: v02 });
    expect(multipart.headers.get("content-type")).toBe('multipart/mixed; boundary="-"; incrementalSpec=v0.2');
    await multipart.text();
  });
});

describe("2022, by name or where a client names none", () => {
  test.each([of2022, "multipart/mixed"])("%s: path and label say where a part belongs", async (accept) => {
    expect(await payloads('{ user { name ... @defer(label: "L") { late } } }', accept)).toEqual([
      { data: { user: { name: "Ada" } }, hasNext: true },
      { incremental: [{ path: ["user"], label: "L", data: { late: "late" } }], hasNext: false },
    ]);
  });

  test("a streamed list's items come with the index of the first of them", async () => {
    const all = await payloads('{ list @stream(initialCount: 1, label: "S") { id } }', of2022);
    expect(all).toEqual([
      { data: { list: [{ id: 1 }] }, hasNext: true },
      { incremental: [{ path: ["list", 1], label: "S", items: [{ id: 2 }, { id: 3 }] }], hasNext: false },
    ]);
  });

  test("a list streamed inside a deferred fragment, and fragments inside streamed items, find their places", async () => {
    const query =
      "{ ... @defer { list @stream(initialCount: 1) { id ... @defer { tags @stream(initialCount: 1) } } } }";
    const entries = (await payloads(query, of2022)).flatMap((payload) =>
      typeof payload === "object" && payload !== null && "incremental" in payload ? payload.incremental : [],
    );
    expect(entries).toEqual(
      expect.arrayContaining([
        { path: [], data: { list: [{ id: 1 }] } },
        { path: ["list", 1], items: [{ id: 2 }, { id: 3 }] },
        ...[0, 1, 2].flatMap((index) => [
          { path: ["list", index], data: { tags: ["x"] } },
          { path: ["list", index, "tags", 1], items: ["y"] },
        ]),
      ]),
    );
    expect(entries).toHaveLength(8);
  });

  test("a deferred fragment that fails as a whole is null, an item that fails as a whole ends its list", async () => {
    const [, defer] = await payloads('{ user { name ... @defer(label: "L") { must } } }', of2022);
    expect(defer).toMatchObject({
      incremental: [{ path: ["user"], label: "L", data: null, errors: [{ path: ["user", "must"] }] }],
      hasNext: false,
    });
    const all = await payloads("{ must @stream(initialCount: 0) { id fails } }", of2022);
    expect(all.at(-1)).toMatchObject({
      incremental: [{ path: ["must", 0], items: null, errors: [{ path: ["must", 0, "fails"] }] }],
      hasNext: false,
    });
  });
});

describe("in both formats", () => {
  test.each([v02, of2022])("%s: the errors of each payload are masked, and logged once", async (accept) => {
    const gateway = toy();
    const response = await gateway.post("{ a ... @defer { broken } list @stream(initialCount: 2) { fails } }", {
      accept,
    });
    const text = await response.text();
    expect(text).not.toContain("swordfish");
    expect(text).toContain("Unexpected error.");
    expect(gateway.lines.filter(({ msg }) => msg === "unexpected error")).toHaveLength(2);
  });

  test.each([v02, of2022])("%s: the call log comes with the last payload", async (accept) => {
    const headers = { "x-tributary-calls": "1" };
    const all = await collect(
      readMultipart(await toy().post("{ a ... @defer { user { name } } }", { accept, headers })),
    );
    expect(all.map(({ extensions }) => extensions)).toEqual([undefined, { calls: [] }]);
  });

  test.each([v02, of2022])("%s: a client that leaves between payloads stops what runs for it", async (accept) => {
    const stopped = Promise.withResolvers<unknown>();
    const begun = Promise.withResolvers<void>();
    const returned = Promise.withResolvers<void>();
    const gateway = toyGateway("type Query { a: Int slow: Int numbers: [Int!] }", {
      Query: {
        a: () => 1,
        slow: (_, __, { signal }) => {
          signal.addEventListener("abort", () => stopped.resolve(signal.reason));
          begun.resolve();
          return new Promise(() => {});
        },
        numbers: async function* () {
          try {
            for (let number = 0; ; number++) yield number;
          } finally {
            returned.resolve();
          }
        },
      },
    });
    const { url } = await gateway.gateway.listen({ host: "127.0.0.1", port: 0 });
    const client = new AbortController();
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", accept },
      body: JSON.stringify({ query: "{ a numbers @stream(initialCount: 2) ... @defer { slow } }" }),
      signal: client.signal,
    });
    await next(readMultipart(response));
    await begun.promise;
    client.abort();
    expect(await stopped.promise).toMatchObject({ name: "AbortError" });
    await returned.promise;
  });
});

test("an operation is refused for too many @defer and @stream, spread ones counted, before anything runs", async () => {
  let runs = 0;
  const gateway = toyGateway(
    "type Query { a: Int list: [Int] }",
    { Query: { a: () => ++runs } },
    { limits: { incrementalDirectives: 3 } },
  );
  const query =
    "{ a ...F ...G } fragment F on Query { ...G ... @defer { a } } fragment G on Query { ... @defer { list @stream } }";
  const response = await gateway.post(query, { accept: "multipart/mixed" });
  const [answer] = await collect(readMultipart(response));
  expect(answer?.errors).toMatchObject([
    { message: expect.stringContaining("has 5 @defer and @stream"), extensions: { code: "LIMIT_EXCEEDED" } },
  ]);
  expect(runs).toBe(0);
  expect((await gateway.ask(query)).data).toEqual({ a: 1, list: null });
});

test.each([v02, of2022])("%s: a stream with too many pending parts ends, with what has come", async (accept) => {
  let begun = 0;
  const gateway = toyGateway(
    "type Query { list: [Item] } type Item { id: Int late: Int }",
    { Query: { list: () => [1, 2, 3, 4].map((id) => ({ id, late: () => ++begun })) } },
    { limits: { pendingParts: 3 } },
  );
  const all = await collect(readMultipart(await gateway.post("{ list { id ... @defer { late } } }", { accept })));
  expect(all).toHaveLength(2);
  expect(all[0]?.data).toEqual({ list: [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }] });
  expect(JSON.stringify(all[1]).match(/LIMIT_EXCEEDED/g)).toHaveLength(4);
  expect(all[1]?.hasNext).toBe(false);
  expect(begun).toBe(0);
});
