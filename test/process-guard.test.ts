import { EventEmitter } from "node:events";
import { fileURLToPath } from "node:url";
import { addressIn, childrenOf, runServer, type ServerProcess } from "tributary-testing/server-process.ts";
import { expect, test, vi } from "vitest";
import { useAtlasUrl } from "./support/databases.ts";

vi.setConfig({ testTimeout: 60_000 });

const databaseUrl = useAtlasUrl("sqlite");
const throwOnSignal = fileURLToPath(import.meta.resolve("tributary-testing/throw-on-signal.ts"));

/** `server.ts` with signals that cause an unhandled rejection or an uncaught exception. */
const run = (environment: Record<string, string>) =>
  runServer("server.ts", { DATABASE_URL: databaseUrl(), NODE_OPTIONS: `--import=${throwOnSignal}`, ...environment });

const request = async (url: string) => (await fetch(`${url}?query={country(code:"no"){name}}`)).json();
/** The workers; connections are distributed round-robin. */
async function workerPids(atlas: ServerProcess, url: string): Promise<number[]> {
  await request(url);
  await request(url);
  const lines = await atlas.logged("request", 2);
  return lines.map(({ pid }) => Number(pid));
}

const norway = { data: { country: { name: "Norway" } } };

test("an unhandled rejection is logged with an id, and the server continues", async () => {
  const atlas = run({});
  const url = addressIn(await atlas.line("listening on "));
  atlas.process.kill("SIGWINCH");
  atlas.process.kill("SIGWINCH");
  const [line] = await atlas.logged("unhandled rejection");
  expect(line).toMatchObject({
    level: 50,
    id: expect.any(String),
    err: { message: "a rejection that slipped through" },
  });
  expect(await request(url)).toEqual(norway);
});

test("a worker continues after an unhandled rejection, in the same process", async () => {
  const atlas = run({ WORKERS: "2", LOG_LEVEL: "info" });
  const url = addressIn(await atlas.line("listening on "));
  const workers = await workerPids(atlas, url);
  for (const pid of [atlas.pid, ...workers]) process.kill(pid, "SIGWINCH");
  const lines = await atlas.logged("unhandled rejection", 3);
  expect(lines.map(({ worker }) => worker).sort()).toEqual([1, 2, undefined]);
  expect(await request(url)).toEqual(norway);
  expect(await childrenOf(atlas.pid)).toEqual(expect.arrayContaining(workers));
});

test("a single process finishes pending requests after an uncaught exception, and exits with code 1", async () => {
  const atlas = run({ SUN_LATENCY_MS: "700" });
  const url = addressIn(await atlas.line("listening on "));
  const running = fetch(`${url}?query={country(code:"no"){capital{sun{dayLengthMinutes}}}}`);
  await fetch(new URL("/health/live", url));
  atlas.process.kill("SIGIO");
  expect(await (await running).json()).toMatchObject({ data: { country: { capital: { sun: expect.anything() } } } });
  const { code, text } = await atlas.exit;
  expect(code).toBe(1);
  expect(text).toContain("an exception that slipped through");
});

test("a worker with an uncaught exception is replaced, and no request is lost", async () => {
  const atlas = run({ WORKERS: "2", LOG_LEVEL: "info" });
  const url = addressIn(await atlas.line("listening on "));
  const [pid = 0] = await workerPids(atlas, url);
  process.kill(pid, "SIGIO");
  await atlas.logged("uncaught exception: the process exits after its running requests");
  const isRunning = async () => {
    expect(await request(url)).toEqual(norway);
    return (await childrenOf(atlas.pid)).includes(pid);
  };
  await expect.poll(isRunning, { timeout: 50_000 }).toBe(false);
});

test("an error of a closed connection does not stop the process", async () => {
  const { guardProcess } = await import("tributary-graphql/server");
  const guarded = new EventEmitter();
  const on = vi.spyOn(process, "on").mockImplementation((name, listener) => {
    guarded.on(name as string, listener as () => void);
    return process;
  });
  const logged: string[] = [];
  const log = (_fields: object, message: string) => void logged.push(message);
  const stop = vi.fn();
  guardProcess({ error: log, fatal: log } as never, stop);
  on.mockRestore();
  guarded.emit("uncaughtException", Object.assign(new Error("read"), { code: "ECONNRESET", syscall: "read" }));
  expect(stop).not.toHaveBeenCalled();
  guarded.emit("uncaughtException", Object.assign(new Error("mine"), { code: "ECONNRESET" }));
  guarded.emit("uncaughtException", new Error("again"));
  expect(stop).toHaveBeenCalledTimes(1);
  expect(logged).toHaveLength(3);
});
