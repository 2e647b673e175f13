import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { useAtlasUrl, useBlankDatabases } from "./support/databases.ts";

const databaseUrl = useAtlasUrl("sqlite");
const blankDatabase = useBlankDatabases("sqlite");

interface Run {
  readonly process: ChildProcess;
  /** Everything that was written so far, both outputs. */
  text(): string;
  /** The first line that starts with this. Rejects when the process ends without one. */
  line(start: string): Promise<string>;
  readonly exit: Promise<{ code: number | null; text: string }>;
}

/** Runs `server.ts` as `npm start` does, with these settings alone. */
function run(environment: Record<string, string>): Run {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, ["server.ts"], {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    env: { PATH, HOME, PORT: "0", LOG_LEVEL: "warn", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines: string[] = [];
  const waiting: { start: string; resolve: (line: string) => void; reject: (error: Error) => void }[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on("line", (line) => {
      lines.push(line);
      for (const { start, resolve } of waiting) if (line.startsWith(start)) resolve(line);
    });
  }
  const text = () => lines.join("\n");
  const exit = once(child, "close").then(([code]) => {
    for (const { start, reject } of waiting) reject(new Error(`Ended without "${start}": ${text()}`));
    return { code, text: text() };
  });
  const line = (start: string) =>
    new Promise<string>((resolve, reject) => {
      const found = lines.find((one) => one.startsWith(start));
      if (found === undefined) waiting.push({ start, resolve, reject });
      else resolve(found);
    });
  return { process: child, text, line, exit };
}

const addressIn = (line: string): string => line.slice("listening on ".length);

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe("npm start", () => {
  test("prints the address once it answers, and nothing else when there is nothing to fill", async () => {
    const atlas = run({ DATABASE_URL: databaseUrl() });
    const url = addressIn(await atlas.line("listening on "));
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/graphql$/);
    const ready = await fetch(new URL("/health/ready", url));
    expect([ready.status, await ready.json()]).toEqual([200, { status: "ready" }]);
    const answer = await fetch(`${url}?query={country(code:"no"){name capital{name}}}`);
    expect(await answer.json()).toEqual({ data: { country: { name: "Norway", capital: { name: "Oslo" } } } });
    expect(atlas.text()).toBe(`listening on ${url}`);
  });

  test.each(["SIGINT", "SIGTERM"] as const)(
    "%s lets the running request finish and leaves no process behind",
    async (signal) => {
      const atlas = run({ DATABASE_URL: databaseUrl(), SUN_LATENCY_MS: "700", LOG_LEVEL: "info" });
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
      atlas.process.kill(signal);
      let rest = "";
      for (let part = await reader?.read(); part?.value; part = await reader?.read()) rest += Buffer.from(part.value);
      expect(rest).toContain("dayLengthMinutes");
      expect((await atlas.exit).code).toBe(0);
      await expect(fetch(new URL("/health/live", url))).rejects.toThrow();
    },
  );

  test("a service process ends with the gateway, even when the gateway is killed", async () => {
    const atlas = run({ DATABASE_URL: databaseUrl() });
    await atlas.line("listening on ");
    const children = childrenOf(atlas.process.pid ?? 0);
    expect(await children).toHaveLength(3);
    atlas.process.kill("SIGKILL");
    await atlas.exit;
    await expect.poll(async () => (await children).filter(isRunning), { timeout: 10_000 }).toEqual([]);
  });

  test("a start that is cut short leaves a database that the next start fills", async () => {
    const url = await blankDatabase();
    const first = run({ DATABASE_URL: url });
    await first.line("Filling the database: 20 %");
    first.process.kill("SIGINT");
    expect((await first.exit).code).toBe(0);
    const second = run({ DATABASE_URL: url });
    const address = addressIn(await second.line("listening on "));
    const answer = await fetch(`${address}?query={cities{totalCount}}`);
    expect(await answer.json()).toEqual({ data: { cities: { totalCount: 135_233 } } });
  }, 60_000);

  test("a busy port is one clear line", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    onTestFinished(() => void other.close());
    const address = other.address();
    if (address === null || typeof address === "string") throw new Error("no port");
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
  ])("%j stops the start with one line that names the setting", async (environment, line) => {
    const { code, text } = await run({ DATABASE_URL: databaseUrl(), ...environment }).exit;
    expect(code).toBe(1);
    expect(text).toMatch(line);
    expect(text).not.toContain("secret");
  });
});

/** Process ids of the children of a process. */
async function childrenOf(pid: number): Promise<number[]> {
  const ps = spawn("ps", ["-o", "pid=", "--ppid", String(pid)], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  for await (const chunk of ps.stdout) output += chunk;
  return output.trim().split(/\s+/).filter(Boolean).map(Number);
}
