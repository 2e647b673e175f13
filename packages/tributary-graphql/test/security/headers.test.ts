import { GraphQLError } from "graphql";
import { toyGateway } from "tributary-testing/toy-gateway.ts";
import { describe, expect, test } from "vitest";
import { pathNames, pathOptions } from "../gateway/paths/support/three-paths.ts";
import { countedToy } from "./support/counted-toy.ts";

const get = (url: string, headers: Record<string, string> = {}) => fetch(url, { headers, redirect: "manual" });

describe.each(pathNames)("an answer on the path %s", (path) => {
  test.each([
    ["of a query", "?query={a}", {}],
    ["of a query that fails", "?query={fails}", {}],
    ["that is refused", "?query={", {}],
    ["that is refused before it is read", "?query={a}", { accept: "image/png" }],
    ["that is compressed", `?query={a}%23${"x".repeat(2_000)}`, { "accept-encoding": "gzip" }],
    ["to a page of another origin", "?query={a}", { origin: "http://localhost:3000" }],
  ])("%s is kept by no cache, not sniffed, and embedded by no page of another origin", async (_, search, headers) => {
    const { url } = await countedToy(pathOptions[path]);
    const response = await get(url + search, headers);
    await response.text();
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "cache-control": "no-store",
      "cross-origin-resource-policy": "same-origin",
      "x-content-type-options": "nosniff",
    });
  });

  test("is cached as an error of the app says", async () => {
    const http = { status: 401, headers: { "cache-control": "private, max-age=5" } };
    const signIn = () => {
      throw new GraphQLError("Sign in.", { extensions: { code: "UNAUTHENTICATED", http } });
    };
    const toy = toyGateway("type Query { a: Int! }", { Query: { a: signIn } }, pathOptions[path]);
    const { url } = await toy.gateway.listen({ host: "127.0.0.1", port: 0 });
    const response = await get(`${url}?query={a}`);
    await response.text();
    expect([response.status, response.headers.get("cache-control")]).toEqual([401, "private, max-age=5"]);
  });
});

describe("a page", () => {
  test.each([
    ["GraphiQL", false, "SAMEORIGIN", "frame-ancestors 'self'"],
    ["the page where GraphiQL is closed", true, "DENY", "frame-ancestors 'none'"],
  ])("%s runs no script of a client, and is framed by no other site", async (_, isProduction, frames, ancestors) => {
    const { url } = await countedToy({ isProduction });
    const response = await get(url, { accept: "text/html" });
    const html = await response.text();
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(ancestors);
    expect(policy).toContain("base-uri 'none'");
    expect(policy).toContain("form-action 'none'");
    expect(policy.match(/script-src[^;]*/)?.[0] ?? "").not.toMatch(/unsafe|http|\*/);
    expect(html.replaceAll(/<script[^>]*(src=|type="application\/json")/g, "")).not.toContain("<script");
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "x-frame-options": frames,
    });
  });

  test.each([false, true])("has nothing of its address or of its request; in production: %s", async (isProduction) => {
    const { url } = await countedToy({ isProduction });
    const marks = { referer: "http://x/<b>mark</b>", "user-agent": "<b>mark</b>", accept: "text/html" };
    for (const address of [
      `${url}?tab=%3Cb%3Emark`,
      `${url}?query=%3Cb%3Emark`,
      `${url}/%3Cb%3Emark`,
      new URL("/mark", url).href,
    ]) {
      const response = await get(address, marks);
      const text = await response.text();
      if (response.headers.get("content-type")?.includes("html")) expect(text).not.toContain("mark");
      expect(text).not.toContain("<b>");
    }
  });
});

test("health is cached by nobody, and framed by nobody", async () => {
  const { url } = await countedToy();
  for (const path of ["/health/live", "/health/ready"]) {
    const response = await get(new URL(path, url).href);
    await response.text();
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "cache-control": "no-store",
      "x-frame-options": "DENY",
    });
  }
});

test("no answer names the software that wrote it", async () => {
  const { url } = await countedToy({ isProduction: true });
  for (const address of [url, `${url}?query={a}`, new URL("/nothing", url).href, new URL("/health/live", url).href]) {
    const response = await get(address);
    await response.text();
    expect(["server", "x-powered-by", "via"].filter((name) => response.headers.has(name))).toEqual([]);
  }
});
