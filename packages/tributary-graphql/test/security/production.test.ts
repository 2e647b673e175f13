import { once } from "node:events";
import { type ToyOptions, toyGateway } from "tributary-testing/toy-gateway.ts";
import { describe, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { type PathName, pathNames, pathOptions } from "../gateway/paths/support/three-paths.ts";

const inside = "connect to postgres://app:hunter2@db.internal:5432/app failed";
const sdl = `
  type Query { country(code: Code!): Country login(password: String, user: User): Int late: Country items: [Int] }
  type Country { name: String! secretName: String }
  type Mutation { login(password: String!): Int }
  type Subscription { changed: Country }
  enum Code { NO SE }
  input User { name: String password: String pin: String }
`;

async function production(path: PathName, options: ToyOptions = {}) {
  const fail = () => {
    throw new Error(inside);
  };
  const failWith = (_: unknown, args: Readonly<Record<string, unknown>>) => {
    throw new Error(`refused: ${JSON.stringify(args)}`);
  };
  const toy = toyGateway(
    sdl,
    {
      Query: {
        country: () => ({ name: "Norway" }),
        late: async () => ({}),
        login: failWith,
        items: async function* () {
          yield 1;
          fail();
        } as never,
      },
      Country: { secretName: fail },
      Mutation: { login: failWith },
      Subscription: {
        changed: async function* () {
          yield { changed: { name: "Norway" } };
          fail();
        },
      },
    },
    { ...pathOptions[path], isProduction: true, ...options },
  );
  return { ...toy, ...(await toy.gateway.listen({ host: "127.0.0.1", port: 0 })) };
}

const accepts = {
  json: "application/json",
  "graphql-response": "application/graphql-response+json",
  multipart: "multipart/mixed",
  "multipart v0.2": "multipart/mixed;incrementalSpec=v0.2",
  events: "text/event-stream",
} as const;

/** The text of the answer in every form that a client may ask for, and over a WebSocket. */
async function everyAnswer(toy: Awaited<ReturnType<typeof production>>, query: string): Promise<string[]> {
  const answers: string[] = [];
  for (const accept of Object.values(accepts)) {
    answers.push(await (await toy.post(query, { accept })).text());
    const url = `${toy.url}?${new URLSearchParams({ query })}`;
    answers.push(await (await fetch(url, { headers: { accept } })).text());
  }
  return [...answers, await socketAnswer(toy.url, query)];
}

/** All messages that a WebSocket gets for an operation, and why it was closed. */
async function socketAnswer(url: string, query: string): Promise<string> {
  const socket = new WebSocket(url.replace("http", "ws"), "graphql-transport-ws");
  onTestFinished(() => socket.terminate());
  const texts: string[] = [];
  socket.on("message", (data) => {
    const text = String(data);
    texts.push(text);
    const { type } = JSON.parse(text) as { type: string };
    if (type === "connection_ack") socket.send(JSON.stringify({ id: "1", type: "subscribe", payload: { query } }));
    if (type === "complete" || type === "error") socket.close();
  });
  socket.on("open", () => socket.send('{"type":"connection_init"}'));
  const [, reason] = await once(socket, "close");
  return `${texts.join("\n")}\n${String(reason)}`;
}

const leaks = /hunter2|postgres|db\.internal|\.ts:\d|\s+at |node_modules|exception|stacktrace|"calls"/;

describe.each(pathNames)("in production on the path %s", (path) => {
  test.each([
    ["__schema", "{ __schema { queryType { name } } }"],
    ["__type", '{ __type(name: "Query") { name } }'],
    ["an alias", '{ country: __type(name: "Query") { name } }'],
    ["a fragment", "{ ...F } fragment F on Query { __schema { types { name } } }"],
    ["an inline fragment", "{ ... on Query { ... { __schema { types { name } } } } }"],
    ["a deferred fragment", "{ ... @defer { __schema { types { name } } } }"],
    ["@include(if: false)", "{ late { name } __schema @include(if: false) { types { name } } }"],
    ["a fragment that no operation spreads", "{ late { name } } fragment F on Query { __schema { types { name } } }"],
    ["a second operation", "query A { late { name } } query B { __schema { types { name } } }"],
    ["a subscription", "subscription { __schema { types { name } } }"],
  ])("introspection is closed by %s, by every transport", async (_, query) => {
    const toy = await production(path);
    for (const answer of await everyAnswer(toy, query)) {
      expect(answer).not.toMatch(/"queryType"|"types"|"name":\s*"Query"/);
      expect(answer).toMatch(/Introspection is closed|GRAPHQL_VALIDATION_FAILED|Could not determine|BAD_USER_INPUT/);
    }
  });

  test.each([
    ["a field", "{ countri(code: NO) { name } }"],
    ["a field of a type", "{ country(code: NO) { nam } }"],
    ["an argument", "{ country(cod: NO) { name } }"],
    ["a value of an enum", "{ country(code: NOO) { name } }"],
    ["a type", "{ ... on Countri { name } }"],
    ["an input field", "{ login(user: {nam: 1}) }"],
    ["a directive", "{ country(code: NO) @skipp(if: true) { name } }"],
  ])("no name is suggested for %s that is misspelt, by any transport", async (_, query) => {
    const toy = await production(path);
    for (const answer of await everyAnswer(toy, query)) expect(answer).not.toMatch(/did you mean|perhaps/i);
  });

  test("no name is suggested for a variable that is misspelt", async () => {
    const toy = await production(path);
    const asked = { variables: { code: "NOO", user: { nam: "x" } } };
    for (const query of [
      "query ($code: Code!) { country(code: $code) { name } }",
      "query ($user: User) { login(user: $user) }",
    ]) {
      expect(await (await toy.post(query, asked)).text()).not.toMatch(/did you mean/i);
    }
  });

  test.each([
    ["of a field", "{ country(code: NO) { secretName } }"],
    ["of a field that may not be null", "{ late { name } }"],
    ["of a deferred part", "{ country(code: NO) { name ... @defer { secretName } } }"],
    ["of a streamed list", "{ items @stream }"],
    ["of an event", "subscription { changed { name secretName } }"],
    ["of a mutation", 'mutation { login(password: "x") }'],
  ])("an error %s is masked, in every kind of payload", async (_, query) => {
    const toy = await production(path);
    for (const answer of await everyAnswer(toy, query)) expect(answer).not.toMatch(leaks);
  });

  test("an error of the context, and of the readiness, is masked", async () => {
    const fail = () => {
      throw new Error(inside);
    };
    const toy = await production(path, { createContext: fail, readiness: { database: async () => fail() } });
    for (const query of ["{ late { name } }", "subscription { changed { name } }"]) {
      for (const answer of await everyAnswer(toy, query)) expect(answer).not.toMatch(leaks);
    }
    const ready = await (await fetch(new URL("/health/ready", toy.url))).text();
    expect(JSON.parse(ready)).toEqual({ status: "unready", failed: { database: "failed" } });
  });

  test("the call log is closed, and GraphiQL, its files and their folder are not there", async () => {
    const toy = await production(path);
    const answer = await toy.post("{ country(code: NO) { name } }", { headers: { "x-tributary-calls": "1" } });
    expect(await answer.json()).toEqual({ data: { country: { name: "Norway" } } });
    const page = await (await fetch(toy.url, { headers: { accept: "text/html" } })).text();
    expect(page).not.toMatch(/graphiql-options|<script/);
    expect((await fetch(`${toy.url}/graphiql.js`)).status).toBe(404);
  });

  test("no log line has a secret input, a token, a cookie, a password of a URL or a text of a query", async () => {
    const toy = await production(path, { secretInputs: ["password", "pin"] });
    const headers = { authorization: "Bearer tok-authorization", cookie: "session=tok-cookie-1; lang=no" };
    const asked = {
      headers,
      variables: { given: "sec-variable", user: { name: "Ada", password: "sec-input", pin: "q7" } },
    };
    const query =
      'query Q($given: String, $user: User) { a: login(password: $given) b: login(user: $user) c: login(password: "sec-literal") late { secretName } }';
    await (await toy.post(query, asked)).text();
    await (
      await fetch(`${toy.url}?query={late{secretName}}&token=tok-in-url&access_token=tok-in-url`, { headers })
    ).text();
    const refused = new WebSocket(
      `${toy.url.replace("http", "ws")}/elsewhere?token=tok-in-url`,
      "graphql-transport-ws",
    );
    refused.on("error", () => undefined);
    await once(refused, "unexpected-response");
    const logged = JSON.stringify(toy.lines);
    expect(logged).toContain("refused: ");
    expect(logged).toContain("postgres://app:…@db.internal:5432/app");
    expect(logged).toContain("a WebSocket was refused");
    expect(logged).not.toMatch(/tok-|sec-|hunter2|\bq7\b|query Q/);
    // What is not secret is still there.
    expect(logged).toContain("Ada");
  });

  test("no log line has what an error repeats of the client's credentials", async () => {
    const toy = await production(path, {
      headers: ["authorization"],
      createContext: ({ headers }) => {
        throw new Error(
          `the token ${headers.get("authorization")?.slice(7)} is not valid, https://auth.test/?key=tok-key&a=b`,
        );
      },
    });
    await (await toy.post("{ late { name } }", { headers: { authorization: "Bearer tok-authorization" } })).text();
    const logged = JSON.stringify(toy.lines);
    expect(logged).toContain("the token … is not valid, https://auth.test/?key=…&a=…");
    expect(logged).not.toContain("tok-");
  });
});

test("the payload of connection_init is in no log line and no answer", async () => {
  const toy = await production("fast", { headers: ["authorization"] });
  const socket = new WebSocket(toy.url.replace("http", "ws"), "graphql-transport-ws");
  onTestFinished(() => socket.terminate());
  await once(socket, "open");
  socket.send(
    JSON.stringify({ type: "connection_init", payload: { authorization: "Bearer tok-init", token: "tok-2" } }),
  );
  await once(socket, "message");
  socket.send(JSON.stringify({ id: "1", type: "subscribe", payload: { query: "{ late { secretName } }" } }));
  const [answer] = await once(socket, "message");
  expect(String(answer)).toContain("INTERNAL_SERVER_ERROR");
  expect(`${answer}${JSON.stringify(toy.lines)}`).not.toContain("tok-");
});
