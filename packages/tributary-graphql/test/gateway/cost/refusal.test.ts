import { type Client, createClient as createWsClient } from "graphql-ws";
import { describe, expect, onTestFinished, test } from "vitest";
import { costDirectives } from "../../../src/core/cost-directives.ts";
import { type PathName, pathNames, toyOn } from "../paths/support/three-paths.ts";
import { webSocketUrl } from "../subscriptions/support/transports.ts";

const sdl = `
  ${costDirectives}
  type Query { people(first: Int = 5): [Person!]! @listSize(slicingArguments: ["first"]) }
  type Person { name: String friends(first: Int!): [Person!]! @listSize(slicingArguments: ["first"]) }
  type Mutation { add: Person }
  type Subscription { person: Person }
`;

/** A gateway that counts its contexts and the calls of its resolvers. */
async function start(path: PathName, maxCost: number | "off" = 100) {
  const counts = { contexts: 0, resolvers: 0 };
  const people = (_: unknown, { first }: { first: number }) => {
    counts.resolvers++;
    return Array.from({ length: first }, () => ({ name: "Ada" }));
  };
  async function* person() {
    counts.resolvers++;
    yield { person: { name: "Ada" } };
  }
  const toy = await toyOn(
    path,
    sdl,
    {
      Query: { people: people as never },
      Person: { friends: people as never },
      Mutation: { add: () => ({ name: `Ada ${counts.resolvers++}` }) },
      Subscription: { person },
    },
    {
      maxCost,
      createContext: (scope) => {
        counts.contexts++;
        return scope;
      },
    },
  );
  return { ...toy, counts, url: `http://127.0.0.1:${toy.port}/graphql` };
}

const expensive = "people(first: 30) { name friends(first: 3) { name } }";
const query = `{ ${expensive} }`;
const message =
  "The operation has an estimated cost of 121; at most 100 is allowed. The most expensive part is people.friends: 90 of 121. " +
  "Ask for shorter lists, or for less of each item.";
const refused = { errors: [{ message, extensions: { code: "LIMIT_EXCEEDED", cost: { estimate: 121, max: 100 } } }] };

const post = (url: string, text: string, accept: string) =>
  fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", accept },
    body: JSON.stringify({ query: text }),
  });

function socketClient(url: string): Client {
  const client = createWsClient({ url: webSocketUrl(url), retryAttempts: 0 });
  onTestFinished(() => void client.dispose());
  return client;
}

/** The errors of an operation that is answered with errors alone. */
const refusalOf = (client: Client, text: string): Promise<string> =>
  client
    .iterate({ query: text })
    .next()
    .then(
      () => expect.unreachable("The operation was not refused."),
      (errors: unknown) => JSON.stringify(errors),
    );

/** Every way in, with the body of the answer. */
const ways: Readonly<Record<string, (url: string) => Promise<string>>> = {
  POST: async (url) => (await post(url, query, "application/json")).text(),
  "POST for application/graphql-response+json": async (url) => {
    const response = await post(url, query, "application/graphql-response+json");
    expect(response.status).toBe(400);
    return response.text();
  },
  GET: async (url) =>
    (await fetch(`${url}?query=${encodeURIComponent(query)}`, { headers: { accept: "application/json" } })).text(),
  "server-sent events": async (url) => (await post(url, query, "text/event-stream")).text(),
  "a multipart stream with a deferred part": async (url) =>
    (await post(url, `{ __typename ... @defer { ${expensive} } }`, "multipart/mixed;incrementalSpec=v0.2")).text(),
  "a multipart stream with a streamed list": async (url) =>
    (await post(url, query.replace(") {", ") @stream {"), "multipart/mixed")).text(),
  "an operation on a WebSocket": async (url) => {
    const client = socketClient(url);
    const refusal = await refusalOf(client, query);
    // The connection stays open for others.
    expect((await client.iterate({ query: "{ people(first: 1) { name } }" }).next()).value).toEqual({
      data: { people: [{ name: "Ada" }] },
    });
    return refusal;
  },
};

describe.each(pathNames)("on the path %s", (path) => {
  test.each(Object.entries(ways))(
    "%s refuses an operation that costs too much, and executes nothing",
    async (name, send) => {
      const { url, counts } = await start(path);
      const body = await send(url);
      expect(body).toContain(JSON.stringify(message).slice(1, -1));
      expect(body).toContain('"code":"LIMIT_EXCEEDED"');
      expect(body).toContain('"cost":{"estimate":121,"max":100}');
      expect(counts).toEqual(
        name.includes("WebSocket") ? { contexts: 1, resolvers: 1 } : { contexts: 0, resolvers: 0 },
      );
    },
  );

  test("a mutation that costs too much is not executed", async () => {
    const { url, counts } = await start(path, 11);
    const body = await (await post(url, "mutation { add { name } }", "application/json")).json();
    expect(body).toMatchObject({
      errors: [{ extensions: { code: "LIMIT_EXCEEDED", cost: { estimate: 12, max: 11 } } }],
    });
    expect(counts).toEqual({ contexts: 0, resolvers: 0 });
  });

  test("a subscription whose events cost too much is not subscribed", async () => {
    const { url, counts } = await start(path, 3);
    const subscription = "subscription { person { name friends(first: 2) { name } } }";
    const text = await (await post(url, subscription, "text/event-stream")).text();
    expect(text).toContain('"cost":{"estimate":4,"max":3}');
    expect(await refusalOf(socketClient(url), subscription)).toContain('"cost":{"estimate":4,"max":3}');
    expect(counts).toEqual({ contexts: 0, resolvers: 0 });
  });

  test("an operation that costs as much as is allowed is executed, and any one where maxCost is off", async () => {
    for (const max of [121, "off"] as const) {
      const { url } = await start(path, max);
      expect(await (await post(url, query, "application/json")).json()).toMatchObject({
        data: { people: { length: 30 } },
      });
    }
  });
});

test("gateway.fetch refuses the same", async () => {
  const { toy, counts } = await start("fast");
  expect(await toy.ask(query)).toMatchObject(refused);
  expect(counts).toEqual({ contexts: 0, resolvers: 0 });
});

test("aliases of one field count together in the most expensive path", async () => {
  const { toy } = await start("fast");
  const aliases = Array.from({ length: 40 }, (_, at) => `a${at}: friends(first: 1) { name }`).join(" ");
  const answer = await toy.ask(`{ people(first: 3) { ${aliases} } }`);
  expect(answer.errors?.[0]?.message).toContain("The most expensive part is people.friends: 120 of 124.");
});

test("a maxCost below 1 stops the start, and the message names it", async () => {
  await expect(start("fast", 0)).rejects.toThrow("maxCost: expected a number, at least 1, or off, got 0.");
});
