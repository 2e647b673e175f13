import { createClient } from "graphql-ws";
import { CallLog } from "tributary-graphql";
import { type ToyGateway, type ToyOptions, toyGateway } from "tributary-testing/toy-gateway.ts";
import { describe, expect, onTestFinished, test } from "vitest";
import { BudgetBreaches } from "../../../src/gateway/trusted-documents/budget-breaches.ts";
import { webSocketUrl } from "../subscriptions/support/transports.ts";
import { codegenManifest, manifestFile, sha256 } from "./support/trusting.ts";

type Calls = readonly { readonly call: string; readonly marks?: object; readonly failed?: true }[];

const sdl = `
  type Query { shelf: Int }
  type Subscription { shelves: Shelf }
  type Shelf { books: Int }
`;
const shelf = "query Shelf { shelf }";
const message = "a trusted operation makes more calls than its budget";

/** A gateway whose field `shelf` makes these calls of the source `books`. */
async function shelves(calls: Calls, budget: object | undefined, options: ToyOptions = {}, texts = { Shelf: shelf }) {
  const made = async (context: { readonly calls: CallLog }) => {
    await Promise.resolve();
    for (const { call, marks, failed } of calls) {
      const entry = context.calls.begin("books", call, 1);
      if (failed) entry.fail();
      else entry.succeed(1, marks);
    }
    return calls.length;
  };
  const toy = toyGateway(
    sdl,
    {
      Query: { shelf: (_, __, context) => made(context) },
      Subscription: {
        // A source that polls: its own calls are of no event.
        shelves: async function* (_: unknown, __: unknown, context: { readonly calls: CallLog }) {
          for (let poll = 0; poll < 2; poll++) {
            for (let call = 0; call < 5; call++) context.calls.begin("books", "poll", 1).succeed(1);
            yield { shelves: {} };
          }
        },
      },
      Shelf: { books: (_, __, context) => made(context) },
    },
    { trustedDocuments: { mode: "only", files: [manifestFile(codegenManifest(texts, budget))] }, ...options },
  );
  const { url } = await toy.gateway.listen({ port: 0 });
  const post = (body: object, headers = {}) =>
    fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json", ...headers },
      body: JSON.stringify(body),
    }).then((response) => response.json());
  return { toy, url, post };
}

const warnings = ({ lines }: ToyGateway) => lines.filter(({ msg }) => msg === message);
const two: Calls = [{ call: "booksById" }, { call: "booksById" }];

describe("a trusted operation", () => {
  test("with more calls than its budget is answered, and the breach is logged and counted", async () => {
    const { toy, post } = await shelves(two, { sources: { books: 1 }, chain: 1 });
    expect(await post({ documentId: sha256(shelf) })).toEqual({ data: { shelf: 2 } });
    const [line] = warnings(toy);
    expect(line).toMatchObject({
      level: 40,
      operationName: "Shelf",
      exceeded: { books: { budget: 1, calls: 2 } },
      breaches: 1,
    });
    expect(line?.id).toBe(toy.requestLine().id);
    expect(toy.gateway.trustedDocuments.breaches).toEqual({ Shelf: 1 });
  });

  test("by its text has the same budget, and one breach in a minute is logged though each is counted", async () => {
    const { toy, post } = await shelves(two, { sources: {}, chain: 0 });
    for (let time = 0; time < 3; time++) await post({ query: shelf });
    expect(warnings(toy)).toHaveLength(1);
    expect(toy.gateway.trustedDocuments.breaches).toEqual({ Shelf: 3 });
  });

  test.each<[string, Calls, object]>([
    ["as many calls as its budget", two, { sources: { books: 2 }, chain: 1 }],
    ["calls that were joined with another request's", two.map((call) => ({ ...call, marks: { shared: true } })), {}],
    ["calls that a cache answered", two.map((call) => ({ ...call, marks: { cached: true } })), {}],
    ["calls that failed, which a source may repeat", two.map((call) => ({ ...call, failed: true as const })), {}],
    ["calls that are made per key", two, { perKey: { "books.booksById": 1 } }],
  ])("with %s keeps its budget", async (_, calls, budget) => {
    const { toy, post } = await shelves(calls, { sources: {}, chain: 0, ...budget });
    expect(await post({ documentId: sha256(shelf) })).toEqual({ data: { shelf: 2 } });
    expect([warnings(toy), toy.gateway.trustedDocuments.breaches]).toEqual([[], {}]);
  });

  test("without a recorded budget has none", async () => {
    const { toy, post } = await shelves(two, undefined);
    await post({ query: shelf });
    expect(toy.gateway.trustedDocuments.breaches).toEqual({});
  });

  test("of another manifest has the budget of the same one that is printed otherwise", async () => {
    const compact = "query Shelf{shelf __typename}";
    const files = [
      manifestFile({ "page-1": compact }),
      manifestFile(codegenManifest({ Shelf: shelf }, { sources: { books: 1 }, chain: 1 })),
    ];
    const { toy, post } = await shelves(two, undefined, { trustedDocuments: { mode: "only", files } });
    await post({ documentId: "page-1" });
    expect(toy.gateway.trustedDocuments.breaches).toEqual({ Shelf: 1 });
  });

  test("that many clients ask for at once breaks its budget once, for the execution that they share", async () => {
    const { toy, post } = await shelves(two, { sources: { books: 1 }, chain: 1 });
    const answers = await Promise.all(Array.from({ length: 5 }, () => post({ documentId: sha256(shelf) })));
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(new Set(['{"data":{"shelf":2}}']));
    const { coalesced } = toy.gateway.coalescing;
    expect(toy.gateway.trustedDocuments.breaches).toEqual({ Shelf: 5 - coalesced });
    expect(toy.gateway.trustedDocuments.trusted).toBe(5 - coalesced);
  });

  test("that subscribes has its budget for each event, not for all together", async () => {
    const text = "subscription Shelf { shelves { books } }";
    for (const [books, breaches] of [
      [2, {}],
      [1, { Shelf: 2 }],
    ] as const) {
      const { toy, url } = await shelves(two, { sources: { books }, chain: 1 }, {}, { Shelf: text });
      const client = createClient({ url: webSocketUrl(url), retryAttempts: 0 });
      onTestFinished(() => void client.dispose());
      const payload = { query: "", documentId: sha256(text) };
      const events: unknown[] = [];
      for await (const event of client.iterate(payload)) events.push(event.data);
      expect(events).toEqual([{ shelves: { books: 2 } }, { shelves: { books: 2 } }]);
      expect(toy.gateway.trustedDocuments.breaches).toEqual(breaches);
    }
  });
});

test("breaches of an operation are logged again after a minute, with their number since the last line", () => {
  let now = 0;
  const logged: unknown[] = [];
  const breaches = new BudgetBreaches(() => now);
  const calls = new CallLog();
  calls.begin("books", "booksById", 1).succeed(1);
  const log = { warn: (fields: { readonly breaches: number }) => logged.push([now, fields.breaches]) };
  for (now of [0, 1, 59_999, 60_000, 60_001, 120_000])
    breaches.check({ sources: {}, chain: 0 }, { calls, log, operation: undefined } as never);
  expect(logged).toEqual([
    [0, 1],
    [60_000, 3],
    [120_000, 2],
  ]);
});
