import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { type ToyOptions, toyGateway } from "./support/toy-gateway.ts";

const tabs = [{ query: "query Example { a }", variables: '{"n":1}' }, { query: "query Other { a }" }];
const toy = (options: ToyOptions = {}) =>
  toyGateway(
    "type Query { a: Int }",
    { Query: { a: () => 1 } },
    { graphiql: { title: "Toy graph", tabs }, ...options },
  );

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

  test("has nothing to load from elsewhere", async () => {
    const html = await (await visit("/graphql")).text();
    // Only the markup around the scripts and styles: in the scripts a URL is text, and a browser test watches them.
    const markup = html.replace(/<script>[\s\S]*<\/script>/, "").replace(/<style>[\s\S]*?<\/style>/, "");
    expect(markup.match(/(?:src|href)="(?!data:)[^"]*"/g)).toBeNull();
    expect(html.match(/<style>[\s\S]*?<\/style>/)?.[0]).not.toMatch(/@import|url\(\s*["']?(?:https?:)?\/\//);
    expect(html).not.toMatch(/<script[^>]+src=/);
  });

  test("may be open in production, and closed in development", async () => {
    const open = await visit("/graphql", { isProduction: true, opensGraphiQL: true });
    expect(await open.text()).toContain("<title>Toy graph</title>");
    expect(await (await visit("/graphql", { opensGraphiQL: false })).text()).toContain("GraphiQL is closed here");
  });

  test("is sent compressed, and not again to a browser that has it", async () => {
    const { gateway } = toy();
    const get = (headers: Record<string, string>) =>
      gateway.fetch(new Request("http://toys.test/graphql", { headers: { accept: "text/html", ...headers } }));
    const plain = Buffer.from(await (await get({})).arrayBuffer());
    for (const [encoding, decode] of [
      ["gzip", gunzipSync],
      ["br", brotliDecompressSync],
    ] as const) {
      const response = await get({ "accept-encoding": encoding });
      expect(response.headers.get("content-encoding")).toBe(encoding);
      const bytes = Buffer.from(await response.arrayBuffer());
      expect(bytes.length).toBeLessThan(plain.length / 3);
      expect(decode(bytes).equals(plain)).toBe(true);
      const again = await get({ "accept-encoding": encoding, "if-none-match": response.headers.get("etag") ?? "" });
      expect([again.status, await again.text()]).toEqual([304, ""]);
    }
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
