import { fork } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { startChildService } from "../../../atlas/services/child-service.ts";
import { startServices } from "../../../atlas/services/start-services.ts";

const sunQuery = "lat=0&lng=0&date=2026-01-01&tzid=UTC";
const options = { environment: { SUN_LATENCY_MS: "0" }, startTimeoutMs: 30_000, onExit: () => {} };

/** A connection to a service, which closes when the process ends. */
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

test("startServices starts all three services, and `stop` stops them", { timeout: 30_000 }, async () => {
  const services = await startServices({ sunLatencyMs: 0 });
  const urls = [
    `${services.countriesUrl}/countries?cca2=DE`,
    `${services.ratesUrl}/latest`,
    `${services.sunUrl}/sun?${sunQuery}`,
  ];
  expect(await Promise.all(urls.map(async (url) => (await fetch(url)).status))).toEqual([200, 200, 200]);
  await services.stop();
  await services.stop();
  for (const url of urls) await expect(fetch(url)).rejects.toThrow("fetch failed");
});

test("`only` starts some of the services", async () => {
  const services = await startServices({ only: ["sun"], sunLatencyMs: 0 });
  expect(services).toMatchObject({ countriesUrl: undefined, ratesUrl: undefined });
  expect((await fetch(`${services.sunUrl}/sun?${sunQuery}`)).status).toBe(200);
  await services.stop();
});

test("`stop` resolves after the exit of the process, and does not call `onExit`", async () => {
  const onExit = vi.fn();
  const service = await startChildService("sun", { ...options, onExit });
  await service.stop();
  expect(isAlive(service.pid)).toBe(false);
  expect(onExit).not.toHaveBeenCalled();
});

test("the error of a failed start has the name of the service and its last output", async () => {
  const started = startServices({ sunLatencyMs: Number.NaN, only: ["rates", "sun"] });
  await expect(started).rejects.toThrow(
    /^The embedded service "sun" did not start: it exited with code 1\n.*SUN_LATENCY_MS: expected whole milliseconds from 0, got "NaN"/s,
  );
});

test("a service that is not ready in time is an error with its name", async () => {
  const started = startServices({ only: ["sun"], startTimeoutMs: 1 });
  await expect(started).rejects.toThrow('The embedded service "sun" did not start: not ready within 1 ms');
});

test("a crash of a ready service calls `onExit`", async () => {
  const crashed = Promise.withResolvers<readonly [string, number | null]>();
  const onExit = (name: string, code: number | null) => crashed.resolve([name, code]);
  const service = await startChildService("sun", { ...options, onExit });
  process.kill(service.pid, "SIGKILL");
  expect(await crashed.promise).toEqual(["sun", null]);
  await service.stop();
});

test("SIGINT from Ctrl-C, which reaches the whole process group, does not end a service", async () => {
  const service = await startChildService("sun", options);
  process.kill(service.pid, "SIGINT");
  expect((await fetch(`${service.url}/sun?${sunQuery}`)).status).toBe(200);
  await service.stop();
});

test("a service exits when its parent process is killed", async () => {
  const parent = fork(fileURLToPath(new URL("./parent-process.ts", import.meta.url)), { execArgv: [] });
  const [url] = await once(parent, "message");
  const socket = await connected(url);
  // Not `once` of node:events, which rejects when the connection is reset.
  const closed = new Promise((resolve) => socket.once("close", resolve));
  parent.kill("SIGKILL");
  await closed;
});
