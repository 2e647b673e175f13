import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createClient } from "graphql-ws";
import { codeBlocks } from "tributary-testing/code-blocks.ts";
import { runServer, type ServerProcess } from "tributary-testing/server-process.ts";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";

vi.setConfig({ testTimeout: 60_000 });

const root = fileURLToPath(new URL("../..", import.meta.url));
const blocks = codeBlocks(readFileSync(join(root, "docs/embedding.md"), "utf8"));

/** The configuration in a team's repository. */
const ownTsconfig = {
  compilerOptions: {
    ...{ module: "nodenext", target: "esnext", types: ["node"], strict: true, noEmit: true, skipLibCheck: true },
    ...{ allowImportingTsExtensions: true, erasableSyntaxOnly: true, verbatimModuleSyntax: true },
  },
};

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tributary-embedding-"));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(ownTsconfig));
  for (const { language, title, text } of blocks) if (language === "ts") writeFileSync(join(folder, title), text);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A fake of the price service in the page. */
const service = createServer(({ url = "" }, response) => {
  const skus = new URL(url, "http://prices.test").searchParams.getAll("sku");
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(skus.map((sku, index) => ({ sku, price: index + 1 }))));
});
let pricesUrl = "";
beforeAll(async () => {
  await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
  pricesUrl = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
});
afterAll(() => void service.close());

/** The command of a section. */
function commandOf(section: string): string[] {
  const [block, ...more] = blocks.filter((each) => each.section === section && each.language === "sh");
  if (block === undefined || more.length > 0) throw new Error(`Expected one command in "${section}".`);
  return block.text.trim().split(" ");
}

const run = (command: readonly string[], environment: Readonly<Record<string, string>> = {}): ServerProcess =>
  runServer("", { PRICES_URL: pricesUrl, ...environment }, { folder, command: [process.execPath, ...command] });

const query = `{ products(skus: ["a1", "b2"]) { sku price } }`;
const result = {
  data: {
    products: [
      { sku: "a1", price: 1 },
      { sku: "b2", price: 2 },
    ],
  },
};

async function queryByPost(url: string): Promise<unknown> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ query }) });
  return response.json();
}

async function queryByWebSocket(url: string): Promise<unknown> {
  const client = createClient({ url: url.replace("http:", "ws:"), retryAttempts: 0 });
  onTestFinished(() => void client.dispose());
  for await (const result of client.iterate({ query })) return result;
  return undefined;
}

test("every code block is a file or a command, and the files compile with `strict`", async () => {
  expect(new Set(blocks.map(({ language }) => language))).toEqual(new Set(["ts", "sh"]));
  expect(blocks.filter(({ language, title }) => language === "ts" && title === "")).toEqual([]);
  await promisify(execFile)(join(root, "node_modules/.bin/tsc"), ["-p", "."], { cwd: folder }).catch(
    ({ stdout }: { stdout: string }) => expect.fail(stdout),
  );
});

describe("as a server", () => {
  const [assignment, node, ...command] = commandOf("As a server");

  test("the command prints the address, which serves the schema", async () => {
    expect([assignment, node]).toEqual([expect.stringMatching(/^PRICES_URL=/), "node"]);
    const server = run(command);
    const url = (await server.line("listening on ")).slice("listening on ".length);
    expect(await queryByPost(url)).toEqual(result);
    server.process.kill("SIGTERM");
    expect((await server.exit).code).toBe(0);
  });

  test("a missing required setting exits with one line", async () => {
    expect(await run(command, { PRICES_URL: "" }).exit).toEqual({
      code: 1,
      text: expect.stringMatching(/^PRICES_URL: expected a URL .+, but it is not set$/),
    });
  });

  test("--help lists the settings of every app and those of the app", async () => {
    const { text } = await run([...command, "--help"]).exit;
    expect(text).toMatch(
      /^ {2}REQUEST_TIMEOUT_MS .*\n[\s\S]*^ {2}PRICES_URL +base URL of the price service \(required\)$/m,
    );
  });
});

describe.each(["http-server.ts", "fastify-server.ts"])("in an existing server, %s", (file) => {
  async function serve() {
    const server = run([file], { PORT: "0" });
    const [, port] = /port: (\d+)/.exec(await server.line("listening on ")) ?? [];
    return { server, origin: `http://127.0.0.1:${port}` };
  }

  test("GraphQL, health, GraphiQL and the other routes of the server respond", async () => {
    const { origin } = await serve();
    expect(await queryByPost(`${origin}/graphql`)).toEqual(result);
    const byGet = await fetch(`${origin}/graphql?${new URLSearchParams({ query })}`);
    expect(await byGet.json()).toEqual(result);
    expect((await fetch(`${origin}/health/ready`)).status).toBe(200);
    const page = await (await fetch(`${origin}/graphql`, { headers: { accept: "text/html" } })).text();
    const [, script = ""] = /<script src="([^"]+)"/.exec(page) ?? [];
    expect((await fetch(new URL(script, origin))).headers.get("content-type")).toContain("javascript");
    expect(await (await fetch(`${origin}/hello`)).text()).toBe("Hello");
  });

  test("a WebSocket gets the same result", async () => {
    const { origin } = await serve();
    expect(await queryByWebSocket(`${origin}/graphql`)).toEqual(result);
  });

  test("SIGTERM closes an open WebSocket, and the process exits with code 0", async () => {
    const { server, origin } = await serve();
    const closed = Promise.withResolvers<unknown>();
    const client = createClient({
      url: `${origin.replace("http:", "ws:")}/graphql`,
      ...{ lazy: false, retryAttempts: 0, on: { closed: closed.resolve }, onNonLazyError: () => undefined },
    });
    onTestFinished(() => void client.dispose());
    await new Promise<void>((resolve) => client.on("connected", () => resolve()));
    server.process.kill("SIGTERM");
    expect(await closed.promise).toMatchObject({ code: 1001 });
    expect(await server.exit).toMatchObject({ code: 0 });
  });
});

test("in tests: the tests of the page pass", async () => {
  const [node, ...command] = commandOf("In tests");
  expect(node).toBe("node");
  const { code, text } = await run(command).exit;
  expect([code, text]).toEqual([0, expect.stringMatching(/pass 3$/m)]);
});
