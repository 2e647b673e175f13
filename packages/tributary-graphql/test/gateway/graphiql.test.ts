import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { type ToyOptions, toyGateway } from "tributary-testing/toy-gateway.ts";
import { describe, expect, test } from "vitest";

const tabs = [{ query: "query Example { a }", variables: '{"n":1}' }, { query: "query Other { a }" }];
const toy = (options: ToyOptions = {}) =>
  toyGateway(
    "type Query { a: Int }",
    { Query: { a: () => 1 } },
    { graphiql: { title: "Toy graph", tabs }, ...options },
  );

/** The addresses that the page loads, as it names them. */
const linksIn = (html: string): string[] =>
  Array.from(html.matchAll(/(?:src|href)="([^"]*)"/g), ([, link]) => link ?? "");

const visit = (path: string, options?: ToyOptions) =>
  toy(options).gateway.fetch(
    new Request(`http://toys.test${path}`, { headers: { accept: "text/html,application/xhtml+xml,*/*;q=0.8" } }),
  );

describe("GraphiQL", () => {
  test("opens in a browser with the title and the example queries", async () => {
    const response = await visit("/graphql");
    expect(response.headers.get("content-type")).toContain("text/html");
    const html = await response.text();
    expect(html).toContain("<title>Toy graph</title>");
    expect(html).toContain(JSON.stringify(tabs));
  });

  test("loads its own files and nothing from elsewhere, and runs no script of the page", async () => {
    const response = await visit("/graphql");
    expect(response.headers.get("content-security-policy")).toMatch(/^default-src 'none'; script-src 'self';/);
    const html = await response.text();
    expect(linksIn(html)).toHaveLength(3);
    for (const link of linksIn(html)) expect(link).toMatch(/^graphql\/[a-z]+-[0-9a-f]{32}\.(js|css|ico)$/);
    expect(html).not.toMatch(/<style|<script>/);
  });

  test("takes a title and queries as text, whatever is in them", async () => {
    const odd = "</title></script><script>alert(1)</script><!-- $& \u2028";
    const html = await (await visit("/graphql", { graphiql: { title: odd, tabs: [{ query: odd }] } })).text();
    expect(html).not.toContain("<script>alert");
    const [, json] = /<script type="application\/json" id="graphiql-options">(.*?)<\/script>/s.exec(html) ?? [];
    expect(JSON.parse(json ?? "")).toEqual({ title: odd, defaultTabs: [{ query: odd }] });
  });

  test("may be open in production, and closed in development", async () => {
    const open = await visit("/graphql", { isProduction: true, opensGraphiQL: true });
    expect(await open.text()).toContain("<title>Toy graph</title>");
    expect(await (await visit("/graphql", { opensGraphiQL: false })).text()).toContain("GraphiQL is closed here");
  });

  test("is a small page, which is not sent again to a browser that has it", async () => {
    const { gateway } = toy();
    const get = (headers: Record<string, string>) =>
      gateway.fetch(new Request("http://toys.test/graphql", { headers: { accept: "text/html", ...headers } }));
    const response = await get({});
    expect((await response.text()).length).toBeLessThan(2_000);
    expect(response.headers.get("cache-control")).toBe("no-cache");
    const again = await get({ "if-none-match": response.headers.get("etag") ?? "" });
    expect([again.status, await again.text()]).toEqual([304, ""]);
  });

  test("has files that a browser keeps for good, compressed as it likes", async () => {
    const { gateway } = toy();
    const get = (path: string, headers: Record<string, string> = {}, method = "GET") =>
      gateway.fetch(new Request(`http://toys.test${path}`, { headers, method }));
    const html = await (await get("/graphql", { accept: "text/html" })).text();
    const script = await (await get(`/${linksIn(html).find((link) => link.endsWith(".js"))}`)).text();
    const workers = script.match(/graphql\/[a-z]+-worker-[0-9a-f]{32}\.js/g) ?? [];
    expect(workers).toHaveLength(3);
    for (const path of [...linksIn(html), ...workers]) {
      const plain = await get(`/${path}`);
      expect(plain.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
      expect(plain.headers.get("content-type")).toMatch(/^(text\/(javascript|css)|image\/x-icon)/);
      const bytes = Buffer.from(await plain.arrayBuffer());
      for (const [encoding, decode, asked] of [
        ["br", brotliDecompressSync, "gzip, deflate, br, zstd"],
        ["gzip", gunzipSync, "gzip, deflate"],
      ] as const) {
        const response = await get(`/${path}`, { "accept-encoding": asked });
        expect(response.headers.get("content-encoding")).toBe(encoding);
        expect(response.headers.get("vary")).toContain("Accept-Encoding");
        expect(decode(Buffer.from(await response.arrayBuffer())).equals(bytes)).toBe(true);
      }
    }
    for (const path of [`/${workers[0]}x`, "/graphql/", "/graphql/graphiql.js"])
      expect((await get(path)).status).toBe(404);
    expect((await get(`/${workers[0]}`, {}, "POST")).status).toBe(404);
    expect((await get(`/${workers[0]}`, {}, "HEAD")).status).toBe(200);
  });

  test("where it is closed, its files are too", async () => {
    const html = await (await visit("/graphql")).text();
    for (const path of linksIn(html)) expect((await visit(`/${path}`, { isProduction: true })).status).toBe(404);
  });

  test("the root leads a browser there", async () => {
    const response = await visit("/");
    expect([response.status, response.headers.get("location")]).toEqual([302, "/graphql"]);
  });

  test("is closed in production: a page without scripts says what is there, and a query is answered", async () => {
    const response = await visit("/graphql", { isProduction: true });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toContain("text/html");
    expect(response.headers.get("content-security-policy")).toMatch(/^default-src 'none'; style-src 'sha256-/);
    const html = await response.text();
    expect(html).toContain("This is a GraphQL endpoint");
    expect(html).not.toMatch(/<script|src=|href=/);
    const asked = await visit("/graphql?query={a}", { isProduction: true });
    expect(await asked.json()).toEqual({ data: { a: 1 } });
    expect((await visit("/", { isProduction: true })).status).toBe(404);
  });
});
