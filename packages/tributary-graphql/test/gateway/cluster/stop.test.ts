import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { createClient } from "graphql-sse";
import { isRunning } from "tributary-testing/server-process.ts";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { pollOptions, runToy, type Toy } from "./support/run-toy.ts";

vi.setConfig({ testTimeout: 60_000 });

describe("SIGTERM to the primary", () => {
  test("finishes the running requests of all workers, and leaves no process behind", async () => {
    const toy = await runToy({ TOY_WORKERS: "3" });
    const pids = await toy.workerPids();
    const connections = await openToEach(toy, 3);
    for (const socket of connections) ask(socket, "{ waitedMs(value: 300) }");
    const answers = connections.map(readAll);
    await toy.logged("waiting", 3);
    toy.process.kill("SIGTERM");
    for (const answer of await Promise.all(answers)) expect(answer).toContain('{"data":{"waitedMs":300}}');
    expect((await toy.exit).code).toBe(0);
    await expect.poll(() => pids.filter(isRunning), pollOptions).toEqual([]);
  });

  test("completes subscriptions of all workers", async () => {
    const toy = await runToy();
    const client = createClient({ url: toy.url, retryAttempts: 0 });
    const streams = [
      client.iterate({ query: "subscription { pids }" }),
      client.iterate({ query: "subscription { pids }" }),
    ];
    const first = await Promise.all(streams.map((stream) => stream.next()));
    expect(new Set(first.map(({ value }) => value?.data?.pids)).size).toBe(2);
    toy.process.kill("SIGTERM");
    for (const stream of streams) for await (const event of stream) expect(event.errors).toBeUndefined();
    expect((await toy.exit).code).toBe(0);
  });

  test("makes every worker report 503 draining on connections that are still open", async () => {
    const toy = await runToy();
    const sockets = await openToEach(toy, 2);
    // An incomplete request keeps its connection open.
    for (const socket of sockets) socket.write("GET /health/ready HTTP/1.1\r\nhost: x\r\n");
    const slow = [toy.ask("{ waitedMs(value: 300) }"), toy.ask("{ waitedMs(value: 300) }")];
    await toy.logged("waiting", 2);
    toy.process.kill("SIGTERM");
    await refused(toy);
    const answers = sockets.map(readAll);
    for (const socket of sockets) socket.write("\r\n");
    for (const answer of await Promise.all(answers)) {
      expect(answer).toMatch(/^HTTP\/1\.1 503 /);
      expect(answer).toContain('{"status":"draining"}');
    }
    await Promise.all(slow);
    expect((await toy.exit).code).toBe(0);
  });
});

test("SIGINT to the whole process group, as a terminal sends it, drains as well", async () => {
  const toy = await runToy({}, { detached: true });
  const slow = toy.ask("{ waitedMs(value: 300) }");
  await toy.logged("waiting");
  process.kill(-toy.pid, "SIGINT");
  expect((await slow).data).toEqual({ waitedMs: 300 });
  expect((await toy.exit).code).toBe(0);
});

test("a second signal exits at once, and leaves no process behind", async () => {
  const toy = await runToy();
  const pids = await toy.workerPids();
  const slow = toy.ask("{ waitedMs(value: 9000) }").catch(() => "cut");
  await toy.logged("waiting");
  toy.process.kill("SIGTERM");
  await refused(toy);
  toy.process.kill("SIGTERM");
  expect((await toy.exit).code).toBe(1);
  expect(await slow).toBe("cut");
  await expect.poll(() => pids.filter(isRunning), pollOptions).toEqual([]);
});

test("a worker that does not shut down in time is killed, and the others shut down gracefully", async () => {
  const toy = await runToy({ TOY_TIMING: JSON.stringify({ finishTimeoutMs: 1_000 }) });
  const hung = toy.ask("{ hang }").catch(() => "cut");
  await toy.logged("hanging");
  toy.process.kill("SIGTERM");
  expect((await toy.exit).code).toBe(0);
  expect(await hung).toBe("cut");
  expect(await toy.logged("a worker did not shut down in time: it is killed")).toHaveLength(1);
});

test("the workers of a killed primary exit", async () => {
  const toy = await runToy({ TOY_WORKERS: "3" });
  const pids = await toy.workerPids();
  expect(pids).toHaveLength(3);
  toy.process.kill("SIGKILL");
  await expect.poll(() => pids.filter(isRunning), pollOptions).toEqual([]);
});

test("the workers of a killed primary exit, also while their output is blocked", async () => {
  const toy = await runToy();
  const pids = await toy.workerPids();
  toy.process.stdout?.pause();
  for (let time = 0; time < 100; time++) toy.ask("{ logged(value: 100000) }").catch(() => {});
  await toy.ask("{ pid }").catch(() => {});
  toy.process.kill("SIGKILL");
  await expect.poll(() => pids.filter(isRunning), pollOptions).toEqual([]);
});

/** One keep-alive connection per worker: the cluster assigns connections round-robin. */
async function openToEach(toy: Toy, workers: number): Promise<Socket[]> {
  const sockets = Array.from({ length: workers }, () => connect(Number(new URL(toy.url).port), "127.0.0.1"));
  onTestFinished(() => sockets.forEach((socket) => void socket.destroy()));
  const pids = [];
  for (const socket of sockets) {
    ask(socket, "{ pid }");
    const [answer] = await once(socket, "data");
    pids.push(/"pid":(\d+)/.exec(String(answer))?.[1]);
  }
  expect(new Set(pids).size).toBe(workers);
  return sockets;
}

/** Fulfils when the port refuses connections. */
const refused = (toy: Toy) =>
  expect.poll(() => toy.ready().catch(({ code }) => code), pollOptions).toBe("ECONNREFUSED");

const ask = (socket: Socket, query: string): void =>
  void socket.write(
    `GET /graphql?query=${encodeURIComponent(query)} HTTP/1.1\r\nhost: x\r\naccept: application/json\r\n\r\n`,
  );

async function readAll(socket: Socket): Promise<string> {
  let text = "";
  for await (const chunk of socket) text += chunk;
  return text;
}
