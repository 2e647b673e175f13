import { once } from "node:events";
import { readFileSync, utimesSync } from "node:fs";
import { createServer } from "node:net";
import { addressIn, childrenOf, isRunning, runServer } from "tributary-testing/server-process.ts";
import { describe, expect, onTestFinished, test } from "vitest";
import { copySource } from "./docs/source-copy.ts";
import { useAtlasUrl, useBlankDatabases } from "./support/databases.ts";

/** Processes need seconds to start and exit. */
const pollOptions = { timeout: 30_000 };

const databaseUrl = useAtlasUrl("sqlite");
const blankDatabase = useBlankDatabases("sqlite");

/** Runs `server.ts` like `npm start`, with only these settings. */
const run = (environment: Record<string, string>) => runServer("server.ts", environment);

describe("npm start", () => {
  test("prints the address when it is ready, and nothing else with a filled database", async () => {
    const atlas = run({ DATABASE_URL: databaseUrl() });
    const url = addressIn(await atlas.line("listening on "));
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/graphql$/);
    const ready = await fetch(new URL("/health/ready", url));
    expect([ready.status, await ready.json()]).toEqual([200, { status: "ready" }]);
    const response = await fetch(`${url}?query={country(code:"no"){name capital{name}}}`);
    expect(await response.json()).toEqual({ data: { country: { name: "Norway", capital: { name: "Oslo" } } } });
    expect(atlas.text()).toBe(`listening on ${url}`);
  });

  test.each([
    ["SIGINT", "the gateway"],
    ["SIGTERM", "the gateway"],
    // From a terminal or a supervisor.
    ["SIGINT", "the process group"],
    ["SIGTERM", "the process group"],
  ] as const)(
    "finishes pending requests after %s to %s, and exits without an error and without child processes",
    async (signal, receiver) => {
      const settings = { DATABASE_URL: databaseUrl(), SUN_LATENCY_MS: "700", LOG_LEVEL: "info" };
      const atlas = runServer("server.ts", settings, { detached: true });
      const url = addressIn(await atlas.line("listening on "));
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json", accept: "multipart/mixed" },
        body: JSON.stringify({
          query: `{ country(code: "NO") { capital { ... @defer { sun { dayLengthMinutes } } } } }`,
        }),
      });
      const reader = response.body?.getReader();
      await reader?.read();
      process.kill(receiver === "the gateway" ? atlas.pid : -atlas.pid, signal);
      let rest = "";
      for (let part = await reader?.read(); part?.value; part = await reader?.read()) rest += Buffer.from(part.value);
      expect(rest).toContain("dayLengthMinutes");
      const { code, text } = await atlas.exit;
      expect(code).toBe(0);
      expect(text).not.toContain('"level":50');
      await expect(fetch(new URL("/health/live", url))).rejects.toThrow();
    },
  );

  test("does not leave service processes when it is killed", async () => {
    const atlas = run({ DATABASE_URL: databaseUrl() });
    await atlas.line("listening on ");
    const children = childrenOf(atlas.process.pid ?? 0);
    expect(await children).toHaveLength(3);
    atlas.process.kill("SIGKILL");
    await atlas.exit;
    await expect.poll(async () => (await children).filter(isRunning), pollOptions).toEqual([]);
  });

  test("fills the database after an interrupted start", async () => {
    const url = await blankDatabase();
    const first = run({ DATABASE_URL: url });
    await first.line("Filling the database: 20 %");
    first.process.kill("SIGINT");
    expect((await first.exit).code).toBe(0);
    const second = run({ DATABASE_URL: url });
    const address = addressIn(await second.line("listening on "));
    const response = await fetch(`${address}?query={cities{totalCount}}`);
    expect(await response.json()).toEqual({ data: { cities: { totalCount: 135_233 } } });
  }, 60_000);

  test("reports a misspelled setting, and starts", async () => {
    const atlas = run({ DATABASE_URL: databaseUrl(), PROT: "4000" });
    await atlas.line("listening on ");
    expect(atlas.lines()[0]).toBe("PROT is not a setting: did you mean PORT?");
  });

  test("lists the settings for --help, and exits with an error for any other argument", async () => {
    const runWith = (...programArguments: string[]) =>
      runServer("server.ts", {}, { command: [process.execPath, "server.ts", ...programArguments] }).exit;
    const { code, text } = await runWith("--help");
    expect([code, text]).toEqual([0, expect.stringContaining("DATABASE_URL ")]);
    expect(await runWith("--port=80")).toEqual({
      code: 1,
      text: `Expected no argument, got "--port=80": --help lists the settings.`,
    });
  });

  test("exits with one line about the required and the actual version on an older Node, which cannot run TypeScript", async () => {
    const isOlder = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.20.2" } })`;
    const older = [process.execPath, "--no-strip-types", "--import", `data:text/javascript,${isOlder}`, "server.ts"];
    expect(await runServer("server.ts", {}, { command: older }).exit).toEqual({
      code: 1,
      text: expect.stringMatching(/^Expected Node 24 or newer, got 20\.20\.2: run "npm start" or .+$/),
    });
  });

  test("uses a Node that npm installs in production too", () => {
    const lock = JSON.parse(readFileSync(new URL("../package-lock.json", import.meta.url), "utf8"));
    expect(lock.packages[""].dependencies.node).toMatch(/^24\./);
    expect(lock.packages["node_modules/node"].dev).toBeUndefined();
  });

  test.runIf(process.platform === "linux")("logs readable text instead of JSON on a terminal", async () => {
    // `script` runs a command on a terminal of its own.
    const command = ["script", "-qefc", `${process.execPath} server.ts`, "/dev/null"];
    const atlas = runServer("server.ts", { DATABASE_URL: databaseUrl(), LOG_LEVEL: "info", TERM: "dumb" }, { command });
    const url = addressIn(await atlas.line("listening on ")).trim();
    await fetch(`${url}?query={__typename}`);
    await expect.poll(() => atlas.text(), pollOptions).toMatch(/^\[\d\d:\d\d:\d\d\] .*INFO.*: .*request.* \{"id"/m);
    atlas.process.kill("SIGTERM");
    await atlas.exit;
  });

  test.each([
    ["one process", "1"],
    ["two workers", "2"],
  ])("exits with the location of a syntax error, without child processes, with %s", async (_, workers) => {
    using copy = copySource();
    copy.apply({
      language: "ts",
      title: "schema/broken.ts",
      text: "export const a = 1;\nexport const b = (;\n",
      section: "",
    });
    copy.apply({
      language: "diff",
      title: "schema/index.ts",
      text: ' import "./airport.ts";\n+import "./broken.ts";\n',
      section: "",
    });
    const atlas = runServer("server.ts", { DATABASE_URL: databaseUrl(), WORKERS: workers }, { folder: copy.root });
    // Resolves when all processes have closed its output streams, including the services.
    const { code, text } = await atlas.exit;
    expect(code).toBe(1);
    expect(text).toContain("schema/broken.ts:2\n");
  });

  test("exits with one line about a port that is in use", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    onTestFinished(() => void other.close());
    const address = other.address();
    if (address === null || typeof address === "string") throw new Error("Expected a port.");
    expect(await run({ DATABASE_URL: databaseUrl(), PORT: String(address.port) }).exit).toEqual({
      code: 1,
      text: `Cannot listen on HOST 127.0.0.1, PORT ${address.port}: the port is in use by another process.`,
    });
  });

  test.each<[Record<string, string>, RegExp]>([
    [{ PORT: "many" }, /^PORT: expected a whole number from 0 to 65535, got "many"$/],
    [
      { DATABASE_URL: "postgres://me:secret@127.0.0.1:1/atlas" },
      /^DATABASE_URL: Cannot open the database postgres:\/\/\*\*\*@127\.0\.0\.1:1\/atlas: .*ECONNREFUSED.*$/,
    ],
    [{ DATABASE_URL: "postgres://localhost" }, /^DATABASE_URL: .+ got .+$/],
    [
      { DATABASE_URL: "sqlite:.data/atals.sqlite" },
      /^DATABASE_URL: Cannot open the database sqlite:\.data\/atals\.sqlite: the file does not exist; check its path, or create and fill it with "npm run atlas:fill"$/,
    ],
  ])("exits with one line that names the setting for %j", async (environment, line) => {
    const { code, text } = await run({ DATABASE_URL: databaseUrl(), ...environment }).exit;
    expect(code).toBe(1);
    expect(text).toMatch(line);
    expect(text).not.toContain("secret");
  });
});

describe("WORKERS=2", () => {
  test("serves one port with two processes, fills the database once and starts each service once", async () => {
    const atlas = run({ DATABASE_URL: await blankDatabase(), WORKERS: "2", LOG_LEVEL: "info" });
    const url = addressIn(await atlas.line("listening on "));
    expect(atlas.lines().filter((line) => line.startsWith("listening on "))).toHaveLength(1);
    expect(atlas.lines().filter((line) => line.startsWith("Filling the database: 100 %"))).toHaveLength(1);
    expect(await childrenOf(atlas.pid)).toHaveLength(2 + 3);
    const query = `{ country(code: "no") { name capital { name sun { dayLengthMinutes } } currencies { rate(to: "EUR") } } }`;
    for (let time = 0; time < 2; time++) {
      const response = await fetch(`${url}?query=${encodeURIComponent(query)}`, { headers: { connection: "close" } });
      expect((await response.json()).data.country.capital).toMatchObject({ name: "Oslo", sun: expect.anything() });
    }
    const requests = await atlas.logged("request", 2);
    expect(requests.map(({ worker }) => worker).sort()).toEqual([1, 2]);
    expect(new Set(requests.map(({ pid }) => pid)).size).toBe(2);
    atlas.process.kill("SIGUSR2");
    expect(await atlas.logged("workers were replaced")).toMatchObject([{ replaced: 2, pid: atlas.pid }]);
    const ready = await fetch(new URL("/health/ready", url));
    expect([ready.status, await ready.json()]).toEqual([200, { status: "ready" }]);
    const children = await childrenOf(atlas.pid);
    expect(children).toHaveLength(2 + 3);
    atlas.process.kill("SIGTERM");
    expect((await atlas.exit).code).toBe(0);
    await expect.poll(() => children.filter(isRunning), pollOptions).toEqual([]);
  }, 120_000);

  test("is live but not ready while the database is filled", async () => {
    const port = await freePort();
    const atlas = run({ DATABASE_URL: await blankDatabase(), WORKERS: "2", PORT: String(port) });
    await atlas.line("Filling the database: 20 %");
    const ready = await fetch(`http://127.0.0.1:${port}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([503, { status: "starting" }]);
    expect((await fetch(`http://127.0.0.1:${port}/health/live`)).status).toBe(200);
    const children = await childrenOf(atlas.pid);
    atlas.process.kill("SIGINT");
    expect((await atlas.exit).code).toBe(0);
    await expect.poll(() => children.filter(isRunning), pollOptions).toEqual([]);
  }, 60_000);

  test("exits with one line about a database that is not available", async () => {
    const { code, text } = await run({ DATABASE_URL: "postgres://me:secret@127.0.0.1:1/atlas", WORKERS: "2" }).exit;
    expect(code).toBe(1);
    expect(text).toMatch(
      /^DATABASE_URL: Cannot open the database postgres:\/\/\*\*\*@127\.0\.0\.1:1\/atlas: .*ECONNREFUSED.*$/,
    );
  });

  test("exits when its parent npm process is killed", async () => {
    const npm = [process.execPath, "-e", "require('child_process').spawn('node', ['server.ts'], { stdio: 'inherit' })"];
    const environment = { DATABASE_URL: databaseUrl(), WORKERS: "2", npm_lifecycle_event: "start" };
    const atlas = runServer("server.ts", environment, { command: npm });
    await atlas.line("listening on ");
    const [primary = 0] = await childrenOf(atlas.pid);
    const processes = [primary, ...(await childrenOf(primary))];
    expect(processes).toHaveLength(1 + 2 + 3);
    atlas.process.kill("SIGKILL");
    // Resolves when all processes have closed its output streams.
    await atlas.exit;
    await expect.poll(() => processes.filter(isRunning), pollOptions).toEqual([]);
  });
});

test.each(["1", "2"])(
  "npm run dev with WORKERS=%s restarts when an imported file changes",
  async (workers) => {
    const atlas = runServer(
      "dev",
      { DATABASE_URL: databaseUrl(), WORKERS: workers },
      { command: [process.execPath, "node_modules/.bin/tributary", "dev"] },
    );
    await atlas.line("listening on ");
    utimesSync("resolvers/city.ts", new Date(), new Date());
    await atlas.line("dev: resolvers/city.ts has changed");
    await expect
      .poll(() => atlas.lines().filter((line) => line.startsWith("listening on ")), pollOptions)
      .toHaveLength(2);
    atlas.process.kill("SIGINT");
    await atlas.exit;
  },
  60_000,
);

test("a single process logs that it cannot do a rolling restart, and stays ready", async () => {
  const atlas = run({ DATABASE_URL: databaseUrl() });
  const url = addressIn(await atlas.line("listening on "));
  atlas.process.kill("SIGUSR2");
  await atlas.logged("SIGUSR2 was ignored: a rolling restart needs WORKERS=2 or more");
  expect((await fetch(new URL("/health/ready", url))).status).toBe(200);
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("Expected a port.");
  return address.port;
}
