import { fork } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { startChildService } from "../../../atlas/services/child-service.ts";
import { startDemoServices } from "../../../atlas/services/spawn.ts";

const aDay = "lat=0&lng=0&date=2026-01-01&tzid=UTC";
const plain = { environment: { SUN_LATENCY_MS: "0" }, startTimeoutMs: 30_000, onExit: () => {} };

/** A connection to a service: it closes when the service's process ends. */
async function connected(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).on("error", () => {});
  await once(socket, "connect");
  return socket;
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test("all three services answer once started, and none is left once stopped", { timeout: 30_000 }, async () => {
  const services = await startDemoServices({ sunLatencyMs: 0 });
  const urls = [
    `${services.countriesUrl}/countries?cca2=DE`,
    `${services.ratesUrl}/latest`,
    `${services.sunUrl}/sun?${aDay}`,
  ];
  expect(await Promise.all(urls.map(async (url) => (await fetch(url)).status))).toEqual([200, 200, 200]);
  await services.stop();
  await services.stop();
  for (const url of urls) await expect(fetch(url)).rejects.toThrow("fetch failed");
});

test("only the services asked for are started", async () => {
  const services = await startDemoServices({ only: ["sun"], sunLatencyMs: 0 });
  expect(services).toMatchObject({ countriesUrl: undefined, ratesUrl: undefined });
  expect((await fetch(`${services.sunUrl}/sun?${aDay}`)).status).toBe(200);
  await services.stop();
});

test("stopping waits until the process is gone, and is not reported as a crash", async () => {
  const onExit = vi.fn();
  const service = await startChildService("sun", { ...plain, onExit });
  await service.stop();
  expect(isAlive(service.pid)).toBe(false);
  expect(onExit).not.toHaveBeenCalled();
});

test("a service that fails to start is named, with its own last words", async () => {
  const started = startDemoServices({ sunLatencyMs: Number.NaN, only: ["rates", "sun"] });
  await expect(started).rejects.toThrow(
    /^The demo service "sun" did not start: it ended with code 1\n.*SUN_LATENCY_MS: expected whole milliseconds from 0, got "NaN"/s,
  );
});

test("a service that takes too long is named and ended", async () => {
  const started = startDemoServices({ only: ["sun"], startTimeoutMs: 1 });
  await expect(started).rejects.toThrow('The demo service "sun" did not start: not ready within 1 ms');
});

test("a service that crashes later is reported", async () => {
  const crashed = Promise.withResolvers<readonly [string, number | null]>();
  const onExit = (name: string, code: number | null) => crashed.resolve([name, code]);
  const service = await startChildService("sun", { ...plain, onExit });
  process.kill(service.pid, "SIGKILL");
  expect(await crashed.promise).toEqual(["sun", null]);
  await service.stop();
});

test("Ctrl-C, which reaches every process in the terminal, does not end a service", async () => {
  const service = await startChildService("sun", plain);
  process.kill(service.pid, "SIGINT");
  expect((await fetch(`${service.url}/sun?${aDay}`)).status).toBe(200);
  await service.stop();
});

test("a service ends by itself when the process that started it is killed", async () => {
  const parent = fork(fileURLToPath(new URL("./parent-process.ts", import.meta.url)), { execArgv: [] });
  const [url] = await once(parent, "message");
  const socket = await connected(url);
  const closed = once(socket, "close");
  parent.kill("SIGKILL");
  await closed;
});
