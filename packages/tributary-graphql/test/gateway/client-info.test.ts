import fc from "fast-check";
import { createClient } from "graphql-ws";
import { toyGateway } from "tributary-testing/toy-gateway.ts";
import { describe, expect, onTestFinished, test } from "vitest";
import { clientInfoOf, clientInfoOfInit } from "../../src/gateway/telemetry/client-info.ts";
import { heldToy } from "./coalescing/support/held-toy.ts";

const apollo = { "apollographql-client-name": "shop", "apollographql-client-version": "4.2.0" };
const neutral = { "graphql-client-name": "till", "graphql-client-version": "7" };
const library = { clientLibrary: { name: "@apollo/client", version: "4.3.0" } };

const toy = () => toyGateway("type Query { a: Int }", { Query: { a: () => 1 } });

interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly extensions?: unknown;
}

/** The log line of a request by each way in: over the socket, without one, and by GET. */
async function linesOf({ headers = {}, extensions }: Sent) {
  const post = {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ query: "{ a }", extensions }),
  };
  const [direct, yoga, get] = [toy(), toy(), toy()];
  const { url } = await direct.gateway.listen({ host: "127.0.0.1", port: 0 });
  await (await fetch(url, post)).text();
  await (await yoga.gateway.fetch(new Request("http://toys.test/graphql", post))).text();
  const query = new URLSearchParams({
    query: "{ a }",
    ...(extensions ? { extensions: JSON.stringify(extensions) } : {}),
  });
  await (await get.gateway.fetch(new Request(`http://toys.test/graphql?${query}`, { headers }))).text();
  return [direct, yoga, get].map((gateway) => gateway.requestLine());
}

describe("the log line of a request names its client and the client's version", () => {
  test.each([
    ["in the headers of Apollo's clients", { headers: apollo }, "shop", "4.2.0"],
    ["in the neutral headers", { headers: neutral }, "till", "7"],
    ["in Apollo's before the neutral ones", { headers: { ...neutral, ...apollo } }, "shop", "4.2.0"],
    ["by a version alone", { headers: { "graphql-client-version": "7" } }, undefined, "7"],
    ["as Apollo Client 4 sends its own name, in `extensions`", { extensions: library }, "@apollo/client", "4.3.0"],
    ["in the headers before `extensions`", { headers: neutral, extensions: library }, "till", "7"],
    ["without what could break a log", { headers: { "graphql-client-name": "a\t\u0085\u009bb" } }, "ab", undefined],
    [
      "at most 100 characters each",
      { headers: { "graphql-client-name": "x".repeat(5_000) } },
      "x".repeat(100),
      undefined,
    ],
    ["not where there is nothing to see", { headers: { "graphql-client-name": " \t " } }, undefined, undefined],
    ["not where `extensions` have something else", { extensions: { clientLibrary: ["x"] } }, undefined, undefined],
    [
      "not where the name is no text",
      { extensions: { clientLibrary: { name: 5, version: {} } } },
      undefined,
      undefined,
    ],
    ["not where nobody says it", {}, undefined, undefined],
  ])("%s", async (_, sent, name, version) => {
    for (const line of await linesOf(sent)) expect([line.clientName, line.clientVersion]).toEqual([name, version]);
  });

  test("also where the request is refused", async () => {
    const gateway = toy();
    await gateway.ask("{ nonsense", { headers: apollo });
    expect(gateway.requestLine()).toMatchObject({ outcome: "error", clientName: "shop", clientVersion: "4.2.0" });
  });

  test.each([
    ["`clientName` and `clientVersion`", { clientName: "till", clientVersion: "7" }],
    ["the names of the headers", { "Apollographql-Client-Name": "till", "apollographql-client-version": "7" }],
  ])("over a WebSocket by %s of connection_init", async (_, connectionParams) => {
    const gateway = toy();
    const { url } = await gateway.gateway.listen({ host: "127.0.0.1", port: 0 });
    const client = createClient({ url: url.replace("http", "ws"), connectionParams, retryAttempts: 0 });
    onTestFinished(() => void client.dispose());
    for await (const result of client.iterate({ query: "{ a }" })) expect(result.data).toEqual({ a: 1 });
    expect(gateway.requestLine()).toMatchObject({ clientName: "till", clientVersion: "7" });
  });

  test("and keeps no two queries apart that are otherwise identical", async () => {
    const held = await heldToy();
    const first = held.send("{ slow }", { headers: { "x-request-id": "first", ...apollo } });
    await held.called(1);
    const others = [
      held.send("{ slow }", { headers: { "x-request-id": "second", ...neutral } }),
      held.send("{ slow }", { headers: { "x-request-id": "third" } }),
    ];
    await held.coalesced(2);
    held.letGo();
    for (const response of await Promise.all([first, ...others])) await response.text();
    expect(held.calls).toHaveLength(1);
    expect(held.lineOf("first")).toMatchObject({ clientName: "shop", clientVersion: "4.2.0" });
    expect(held.lineOf("second")).toMatchObject({ clientName: "till", clientVersion: "7", executedBy: "first" });
    expect(held.lineOf("third")).not.toHaveProperty("clientName");
  });
});

test("whatever a client calls itself, its name is short, printable and whole", () => {
  const isSane = (text: string | undefined) =>
    text === undefined || (text.length <= 100 && text.isWellFormed() && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text));
  const anyText = fc.string({ unit: "binary", maxLength: 400 });
  fc.assert(
    fc.property(anyText, anyText, fc.anything(), (name, version, other) => {
      for (const info of [
        clientInfoOf((header) => (header.endsWith("name") ? name : version)),
        clientInfoOfInit({ clientName: name, clientVersion: other }),
        clientInfoOfInit({ clientName: other, "graphql-client-version": version }),
      ]) {
        expect(isSane(info?.name) && isSane(info?.version)).toBe(true);
      }
    }),
  );
});
