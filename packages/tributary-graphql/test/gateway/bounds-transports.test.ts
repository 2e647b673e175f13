import { createClient as createWsClient } from "graphql-ws";
import { collect, readEvents, readMultipart } from "tributary-testing/read-stream.ts";
import { postInit, type ToyAnswer, type ToyGateway, toyGateway } from "tributary-testing/toy-gateway.ts";
import { describe, expect, onTestFinished, test } from "vitest";
import { collectEvents } from "./subscriptions/support/collect.ts";
import { type ClientResult, type ClientResults, transports, webSocketUrl } from "./subscriptions/support/transports.ts";

const sdl = `
  type Query { one: Int nodes(n: Int!): [Node!] }
  type Subscription { sizes: Event }
  type Event { number: Int nodes: [Node!] }
  type Node { id: Int child: Node }
`;

/** The largest result that is allowed: far more than a small answer has, far less than a large one. */
const resultValues = 100;
const many = 300;
const large = `one nodes(n: ${many}) { id child { id } }`;

interface BoundedToy extends ToyGateway {
  readonly url: string;
  /** How often `nodes` was resolved. */
  resolved(): number;
}

/** A gateway over HTTP with a limit of values. The middle one of three events of its subscription is too large. */
async function boundedToy(): Promise<BoundedToy> {
  let resolved = 0;
  const nodes = (n: number) => Array.from({ length: n }, (_, id) => ({ id, child: { id } }));
  const toy = toyGateway(
    sdl,
    {
      Query: {
        one: () => 1,
        // Later, so that identical queries come while the first one runs.
        nodes: async (_, { n }) => {
          resolved++;
          await new Promise((resolve) => setTimeout(resolve, 20));
          return nodes(n);
        },
      },
      Subscription: {
        sizes: async function* () {
          for (const [number, n] of [2, many, 2].entries()) yield { sizes: { number, nodes: nodes(n) } };
        },
      },
    },
    { limits: { resultValues } },
  );
  const { url } = await toy.gateway.listen({ host: "127.0.0.1", port: 0 });
  return { ...toy, url, resolved: () => resolved };
}

/** How a query is asked, and its results in the order in which they come. */
interface QueryTransport {
  readonly name: string;
  connect(url: string): (query: string) => Promise<readonly ClientResult[]>;
}

const post = (url: string, query: string, accept: string) => fetch(url, postInit(query, { accept }));
const get = (url: string, query: string, accept: string) =>
  fetch(`${url}?${new URLSearchParams({ query })}`, { headers: { accept } });
const json = async (response: Response): Promise<ToyAnswer[]> => [(await response.json()) as ToyAnswer];
const events = (response: Response): Promise<ToyAnswer[]> => collect(readEvents(response));

const queryTransports: readonly QueryTransport[] = [
  { name: "POST", connect: (url) => async (query) => json(await post(url, query, "application/json")) },
  {
    name: "POST as application/graphql-response+json",
    connect: (url) => async (query) => json(await post(url, query, "application/graphql-response+json")),
  },
  { name: "GET", connect: (url) => async (query) => json(await get(url, query, "application/json")) },
  {
    name: "server-sent events, by POST",
    connect: (url) => async (query) => events(await post(url, query, "text/event-stream")),
  },
  {
    name: "server-sent events, by GET",
    connect: (url) => async (query) => events(await get(url, query, "text/event-stream")),
  },
  {
    name: "one WebSocket",
    connect(url) {
      const client = createWsClient({ url: webSocketUrl(url), retryAttempts: 0, lazy: false });
      onTestFinished(() => void client.dispose());
      return (query) => collectEvents(client.iterate({ query }) as ClientResults);
    },
  },
];

/** Nothing but too many values, at the list or below it, by which the list is null. */
function expectLimit(answer: Pick<ClientResult, "data" | "errors"> | undefined, data: object, list: readonly string[]) {
  expect(answer?.data).toEqual(data);
  // graphql-js, which executes streams, also tells of the first field that was too many.
  expect(answer?.errors?.length).toBeGreaterThan(0);
  for (const error of answer?.errors ?? []) {
    expect(error.message).toMatch(`more than ${resultValues} values`);
    expect(error.extensions?.code).toBe("LIMIT_EXCEEDED");
    expect(error.path?.slice(0, list.length)).toEqual(list);
  }
}

describe.each(queryTransports)("a query over $name", ({ connect }) => {
  test("with too many values fails at its list, keeps the rest, and the next one is answered", async () => {
    const { url } = await boundedToy();
    const ask = connect(url);
    const [answer, ...others] = await ask(`{ ${large} }`);
    expect(others).toEqual([]);
    expectLimit(answer, { one: 1, nodes: null }, ["nodes"]);
    expect(await ask("{ one nodes(n: 1) { id } }")).toEqual([{ data: { one: 1, nodes: [{ id: 0 }] } }]);
  });
});

describe.each([
  ["multipart/mixed", readMultipart],
  ["text/event-stream", readEvents],
])("an answer in parts as %s", (accept, read) => {
  test("fails a deferred part with too many values with its path, sends the others and ends", async () => {
    const { url } = await boundedToy();
    const ask = async (query: string) => collect(read(await post(url, query, accept)));
    const [first, ...parts] = await ask(`{ one ... @defer(label: "large") { ${large} } }`);
    expect(first).toEqual({ data: { one: 1 }, hasNext: true });
    const incremental = parts.flatMap((part) => part.incremental ?? []);
    expect(incremental).toHaveLength(1);
    expect(incremental[0]).toMatchObject({ label: "large", path: [] });
    expectLimit(incremental[0], { nodes: null }, ["nodes"]);
    expect(parts.at(-1)?.hasNext).toBe(false);
    const small = await ask("{ one ... @defer { nodes(n: 1) { id } } }");
    expect(small[0]).toEqual({ data: { one: 1 }, hasNext: true });
    expect(small.slice(1).flatMap((part) => part.incremental ?? [])).toEqual([
      { path: [], data: { nodes: [{ id: 0 }] } },
    ]);
  });

  test("fails the first part with too many values with its path, and sends the deferred one", async () => {
    const { url } = await boundedToy();
    const [first, ...parts] = await collect(
      read(await post(url, `{ nodes(n: ${many}) { id } ... @defer { one } }`, accept)),
    );
    expectLimit(first, { nodes: null }, ["nodes"]);
    expect(parts.flatMap((part) => part.incremental ?? [])).toEqual([{ path: [], data: { one: 1 } }]);
  });
});

describe.each(transports)("a subscription over $name", ({ subscribe }) => {
  test("fails the event with too many values with its path, and gives the events after it", async () => {
    const { url } = await boundedToy();
    const results: ClientResult[] = await collectEvents(
      subscribe(url, "subscription { sizes { number nodes { id } } }"),
    );
    const small = (number: number) => ({ data: { sizes: { number, nodes: [{ id: 0 }, { id: 1 }] } } });
    expect(results).toHaveLength(3);
    expect([results[0], results[2]]).toEqual([small(0), small(2)]);
    expectLimit(results[1], { sizes: { number: 1, nodes: null } }, ["sizes", "nodes"]);
  });
});

test("identical queries with too many values that share one execution are each told so", async () => {
  const toy = await boundedToy();
  const query = `{ ${large} }`;
  const ask = async (text: string) => (await fetch(toy.url, postInit(text, { accept: "application/json" }))).json();
  const answers = await Promise.all(Array.from({ length: 5 }, () => ask(query)));
  for (const answer of answers) expectLimit(answer, { one: 1, nodes: null }, ["nodes"]);
  // On a busy machine a connection may come when the execution of the first ones is over.
  const { executed, coalesced } = toy.gateway.coalescing;
  expect(executed + coalesced).toBe(5);
  expect(coalesced).toBeGreaterThan(0);
  expect(toy.resolved()).toBe(executed);
  expect(await ask("{ one nodes(n: 1) { id } }")).toEqual({ data: { one: 1, nodes: [{ id: 0 }] } });
});
