/** The headers of a POST. */
export const json = { "content-type": "application/json", accept: "application/json" };
export const queryBody = (query: string) => JSON.stringify({ query });

/** Every kind of request that is answered over HTTP, of a query of one field. */
export const requests: readonly [string, (url: string) => Promise<Response>][] = [
  ["a POST", (url) => fetch(url, { method: "POST", headers: json, body: queryBody("{ a }") })],
  ["a GET", (url) => fetch(`${url}?query={a}`, { headers: { accept: "application/json" } })],
  ["a mutation", (url) => fetch(url, { method: "POST", headers: json, body: queryBody("mutation { set }") })],
  [
    "an event stream",
    (url) =>
      fetch(url, { method: "POST", headers: { ...json, accept: "text/event-stream" }, body: queryBody("{ a }") }),
  ],
  [
    "a multipart stream with a deferred part",
    (url) =>
      fetch(url, {
        method: "POST",
        headers: { ...json, accept: "multipart/mixed;incrementalSpec=v0.2" },
        body: queryBody("{ a ... @defer { items { n } } }"),
      }),
  ],
];
