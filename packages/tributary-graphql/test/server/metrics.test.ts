import { fileURLToPath } from "node:url";
import { addressIn, runServer } from "tributary-testing/server-process.ts";
import { describe, expect, test, vi } from "vitest";
import { expectPrometheusText, sampleOf } from "../gateway/metrics/support/figures.ts";

vi.setConfig({ testTimeout: 60_000 });

const startFile = fileURLToPath(new URL("support/toy-start.ts", import.meta.url));
const token = "0123456789abcdef";

async function start(environment: Record<string, string>) {
  const server = runServer(startFile, { LOG_LEVEL: "info", ...environment });
  const url = addressIn(await server.line("listening on "));
  const ask = async (times: number) => {
    // Each over its own connection, so that workers take turns.
    for (let time = 0; time < times; time++)
      await (await fetch(`${url}?query={hello}`, { headers: { connection: "close" } })).text();
  };
  return { server, ask, onMain: new URL("/metrics", url) };
}

async function ownPort(server: Awaited<ReturnType<typeof start>>["server"]): Promise<URL> {
  const [line] = await server.logged("metrics are served at /metrics");
  return new URL(`http://${line?.host}:${line?.port}/metrics`);
}

const total = 'tributary_requests_total{operation="anonymous",outcome="ok"}';
const executions = "tributary_planned_executions_total";

describe.each(["1", "2"])("with WORKERS=%s", (workers) => {
  test("METRICS_PORT serves the figures of all processes there, and not beside /graphql", async () => {
    const { server, ask, onMain } = await start({ WORKERS: workers, METRICS_PORT: "0", NODE_ENV: "production" });
    const url = await ownPort(server);
    await ask(6);
    const text = await (await fetch(url)).text();
    expectPrometheusText(text);
    expect(sampleOf(text, total)).toBe(6);
    expect(sampleOf(text, executions)).toBe(6);
    expect((await fetch(onMain)).status).toBe(404);
    expect((await fetch(new URL("/graphql", url))).status).toBe(404);
  });

  test("METRICS_TOKEN is asked for beside /graphql in production", async () => {
    const { ask, onMain } = await start({ WORKERS: workers, METRICS_TOKEN: token, NODE_ENV: "production" });
    await ask(4);
    expect((await fetch(onMain)).status).toBe(401);
    const response = await fetch(onMain, { headers: { authorization: `Bearer ${token}` } });
    expect(sampleOf(await response.text(), total)).toBe(4);
  });
});

test("counts of workers that were replaced stay in the sum", async () => {
  const { server, ask, onMain } = await start({ WORKERS: "2" });
  const read = async () => (await fetch(onMain, { headers: { connection: "close" } })).text();
  await ask(4);
  expect(sampleOf(await read(), total)).toBe(4);
  await ask(2);
  server.process.kill("SIGUSR2");
  await server.logged("workers were replaced");
  await ask(1);
  const text = await read();
  expectPrometheusText(text);
  expect(sampleOf(text, total)).toBe(7);
  expect(sampleOf(text, 'tributary_request_duration_seconds_count{operation="anonymous"}')).toBe(7);
});

test("METRICS=off counts nothing", async () => {
  const { onMain } = await start({ METRICS: "off" });
  expect((await fetch(onMain)).status).toBe(404);
});

test.each([
  ["METRICS_PORT", "nine", 'METRICS_PORT: expected a whole number from 0 to 65535, got "nine"'],
  [
    "METRICS_TOKEN",
    "short",
    "METRICS_TOKEN: expected a token of at least 16 letters, digits and -._~+/, got one of 5 characters",
  ],
])("an invalid %s stops the start with one line, without the token", async (name, value, line) => {
  const { code, text } = await runServer(startFile, { [name]: value }).exit;
  expect([code, text.trim()]).toEqual([1, line]);
});

test("a busy METRICS_PORT stops the start with one line that names it", async () => {
  const { server } = await start({ METRICS_PORT: "0" });
  const { port } = await ownPort(server);
  const { code, text } = await runServer(startFile, { METRICS_PORT: port }).exit;
  expect(code).toBe(1);
  expect(text).toContain(`Cannot listen on METRICS_HOST 127.0.0.1, METRICS_PORT ${port}: the port is in use`);
});
