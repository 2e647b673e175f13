import { fileURLToPath } from "node:url";
import { needsRedis, startRedis } from "tributary-testing/redis-server.ts";
import { addressIn, runServer } from "tributary-testing/server-process.ts";
import { describe, expect, test } from "vitest";

const startFile = fileURLToPath(new URL("support/toy-start.ts", import.meta.url));
const run = (environment: Record<string, string>) => runServer(startFile, environment);

/** Over a connection of its own, so that the workers get requests in turn. What the client's bucket holds afterwards. */
async function send(url: string): Promise<{ status: number; available: number }> {
  const response = await fetch(`${url}?query={hello}`, {
    headers: { accept: "application/json", connection: "close" },
  });
  await response.text();
  return { status: response.status, available: Number(/r=(\d+)/.exec(response.headers.get("ratelimit") ?? "")?.[1]) };
}

test("workers without Redis limit a client together", async () => {
  const server = run({ WORKERS: "2", RATE_LIMIT: "1/200" });
  const url = addressIn(await server.line("listening on "));
  const sent = await Promise.all(Array.from({ length: 100 }, () => send(url)));
  expect(sent.every(({ status }) => status === 200)).toBe(true);
  await expect
    .poll(async () => Math.max((await send(url)).available, (await send(url)).available))
    .toBeLessThanOrEqual(100);
});

test("RATE_LIMIT limits one process", async () => {
  const server = run({ RATE_LIMIT: "1/2" });
  const url = addressIn(await server.line("listening on "));
  const statuses = [];
  for (let time = 0; time < 3; time++) statuses.push((await send(url)).status);
  expect(statuses).toEqual([200, 200, 429]);
});

test("an invalid REDIS_URL stops the start with one line, without its password", async () => {
  const { code, text } = await run({ RATE_LIMIT: "60", REDIS_URL: "http://gateway:secret@redis:6379" }).exit;
  expect(code).toBe(1);
  expect(text.trim()).toBe(
    'REDIS_URL: expected redis://user:password@host:port/database, or rediss://… for TLS, got "http://gateway:***@redis:6379"',
  );
});

test("a Redis that cannot be reached does not stop the start: the log has a line, and requests are limited", async () => {
  const server = run({ RATE_LIMIT: "1/2", REDIS_URL: "redis://127.0.0.1:1" });
  const url = addressIn(await server.line("listening on "));
  const lost = await server.logged("Redis cannot be used: each process limits rates by itself");
  expect(lost).toMatchObject([{ level: 40 }]);
  const statuses = [];
  for (let time = 0; time < 3; time++) statuses.push((await send(url)).status);
  expect(statuses).toEqual([200, 200, 429]);
  expect((await fetch(new URL("/health/ready", url))).status).toBe(200);
});

describe("with Redis", () => {
  needsRedis();

  test("the workers of several gateways limit a client together, exactly, and all of them shut down", async () => {
    const redis = await startRedis();
    const settings = { RATE_LIMIT: "1/50", REDIS_URL: redis.url };
    const servers = [run({ ...settings, WORKERS: "2" }), run(settings)];
    const urls = await Promise.all(servers.map(async (server) => addressIn(await server.line("listening on "))));
    const sent = await Promise.all(Array.from({ length: 90 }, (_, index) => send(String(urls[index % 2]))));
    expect(sent.filter(({ status }) => status === 200)).toHaveLength(50);
    for (const server of servers) server.process.kill("SIGTERM");
    expect(await Promise.all(servers.map(async ({ exit }) => (await exit).code))).toEqual([0, 0]);
  });
});
