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

  test("the root leads a browser there", async () => {
    const response = await visit("/");
    expect([response.status, response.headers.get("location")]).toEqual([302, "/graphql"]);
  });

  test("is closed in production", async () => {
    const response = await visit("/graphql", { isProduction: true });
    expect(response.status).toBe(400);
    expect(response.headers.get("content-type")).toContain("application/json");
    expect((await visit("/", { isProduction: true })).status).toBe(404);
  });
});
