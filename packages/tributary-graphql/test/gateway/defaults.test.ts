import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { GraphQLObjectType, GraphQLSchema, GraphQLString } from "graphql";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { createGateway } from "../../src/gateway/gateway.ts";
import type { GatewayOptions } from "../../src/gateway/gateway-options.ts";

const helloGateway = (options: Partial<GatewayOptions> = {}) => {
  const gateway = createGateway({
    schema: new GraphQLSchema({
      query: new GraphQLObjectType({
        name: "Query",
        fields: { hello: { type: GraphQLString, resolve: (_source, _args, context) => typeof context } },
      }),
    }),
    idleGraceMs: 0,
    ...options,
  });
  onTestFinished(() => gateway.close());
  return gateway;
};

const get = (path: string, accept = "application/json") =>
  new Request(`http://toys.test${path}`, { headers: { accept } });

describe("createGateway with a schema and nothing else", () => {
  test("answers at once, with an object as the context, and is ready", async () => {
    const gateway = helloGateway();
    const answer = await gateway.fetch(get("/graphql?query={hello}"));
    expect(await answer.json()).toEqual({ data: { hello: "object" } });
    expect((await gateway.fetch(get("/health/ready"))).status).toBe(200);
  });

  test("shows GraphiQL to a browser, under a title", async () => {
    const page = await helloGateway().fetch(get("/graphql", "text/html"));
    expect(await page.text()).toContain("<title>GraphiQL</title>");
  });

  test("is closed as in production when NODE_ENV says so, and as the options say otherwise", async () => {
    vi.stubEnv("NODE_ENV", "production");
    onTestFinished(() => void vi.unstubAllEnvs());
    const titleOf = async (options: Partial<GatewayOptions>) =>
      /<title>.*<\/title>/.exec(await (await helloGateway(options).fetch(get("/graphql", "text/html"))).text())?.[0];
    expect(await titleOf({})).not.toBe("<title>GraphiQL</title>");
    expect(await titleOf({ isProduction: false })).toBe("<title>GraphiQL</title>");
  });

  test("listens on 127.0.0.1, port 4000, or says that this port is taken", async () => {
    const listening = helloGateway().listen();
    const told = await listening.then(
      ({ url }) => url,
      ({ message }: Error) => message,
    );
    expect([
      "http://127.0.0.1:4000/graphql",
      expect.stringMatching(/^Cannot listen on HOST 127\.0\.0\.1, PORT 4000: /),
    ]).toContainEqual(told);
  });

  test("listens on a free port of this machine when it is told port 0", async () => {
    const { url, port } = await helloGateway().listen({ port: 0 });
    expect(url).toBe(`http://127.0.0.1:${port}/graphql`);
    expect(await (await fetch(`${url}?query={hello}`)).json()).toEqual({ data: { hello: "object" } });
  });

  test("with startsReady: false it refuses requests until markReady is called", async () => {
    const gateway = helloGateway({ startsReady: false });
    expect((await gateway.fetch(get("/graphql?query={hello}"))).status).toBe(503);
    gateway.markReady();
    expect((await gateway.fetch(get("/graphql?query={hello}"))).status).toBe(200);
  });
});

test("the example in the documentation of createGateway, which README.md has too, runs, prints its address, and answers", async () => {
  const source = readFileSync(new URL("../../src/gateway/gateway.ts", import.meta.url), "utf8");
  const [, comment = ""] = /@example\n([\s\S]*?)\n \*\//.exec(source) ?? [];
  const code = comment.replace(/^ \* ?/gm, "");
  expect(code).toContain("createGateway({ schema })");
  expect(readFileSync(new URL("../../README.md", import.meta.url), "utf8")).toContain(`\`\`\`ts\n${code}\n\`\`\``);
  const folder = mkdtempSync(join(tmpdir(), "tributary-example-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  symlinkSync(fileURLToPath(new URL("../../../../node_modules", import.meta.url)), join(folder, "node_modules"));
  writeFileSync(join(folder, "example.mts"), code);
  const child = spawn(process.execPath, ["example.mts"], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill());
  for await (const line of createInterface(child.stdout)) {
    const [, url = ""] = /^listening on (.+)$/.exec(line) ?? [];
    const answer = await fetch(`${url}?query={hello}`);
    expect(await answer.json()).toEqual({ data: { hello: "world" } });
    return;
  }
  expect.fail("The example ended without an address.");
});
