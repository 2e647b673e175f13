import type { GraphQLResponse, RequestParameters } from "relay-runtime";
import { expect, test } from "vitest";
import { createFetchFunction, type RelayFetchOptions } from "../../../src/client/relay/fetch-function.ts";

const request: RequestParameters = {
  id: null,
  text: "query Q { a }",
  name: "Q",
  operationKind: "query",
  cacheID: "q",
  metadata: {},
};

/** Subscribes as Relay does. */
function subscribe(options: Omit<RelayFetchOptions, "url">, operation = request) {
  const source = createFetchFunction({ url: "http://graph.test/graphql", ...options })(operation, { b: 1 }, {});
  if (!(typeof source === "object" && "subscribe" in source)) throw new Error("Expected an observable.");
  const responses: GraphQLResponse[] = [];
  const ended = Promise.withResolvers<Error | undefined>();
  const subscription = source.subscribe({
    next: (response: GraphQLResponse) => responses.push(response),
    error: (error: Error) => ended.resolve(error),
    complete: () => ended.resolve(undefined),
  });
  return { subscription, responses, ended: ended.promise };
}

test("the operation is posted with its variables and the application's headers, and accepts v0.2", async () => {
  const sent: Request[] = [];
  const { responses, ended } = subscribe({
    headers: () => ({ authorization: "Bearer x" }),
    fetch: async (input, init) => {
      sent.push(new Request(input, init));
      return Response.json({ data: { a: 1 } });
    },
  });
  expect(await ended).toBeUndefined();
  expect(responses).toEqual([[{ data: { a: 1 }, extensions: { is_final: true } }]]);
  expect(await sent[0]?.json()).toEqual({ query: "query Q { a }", variables: { b: 1 } });
  expect(sent[0]?.headers.get("authorization")).toBe("Bearer x");
  expect(sent[0]?.headers.get("accept")).toContain("multipart/mixed;incrementalSpec=v0.2");
});

test("a request is aborted when Relay unsubscribes, and the observer is not called any more", async () => {
  const aborted = Promise.withResolvers<void>();
  const { subscription, responses } = subscribe({
    fetch: (_input, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener("abort", () => {
          reject(new Error("aborted"));
          aborted.resolve();
        });
      }),
  });
  subscription.unsubscribe();
  await aborted.promise;
  expect(subscription.closed).toBe(true);
  expect(responses).toEqual([]);
});

test("a network error is an error of the query", async () => {
  const { ended } = subscribe({ fetch: () => Promise.reject(new TypeError("fetch failed")) });
  expect(await ended).toEqual(new TypeError("fetch failed"));
});

test("a persisted query without its text is refused with its name", async () => {
  const { ended } = subscribe({}, { id: "5f", text: null, name: "Q", operationKind: "query", metadata: {} });
  expect((await ended)?.message).toMatch(/^Q has an id, 5f, and no text/);
});
