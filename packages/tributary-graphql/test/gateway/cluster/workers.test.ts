import { once } from "node:events";
import { createServer } from "node:net";
import { runServer } from "tributary-testing/server-process.ts";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { patience, runToy, toyServer, versionFile } from "./support/run-toy.ts";

vi.setConfig({ testTimeout: 60_000 });

describe("the start", () => {
  test("workers share one port and take turns, and what they share is prepared once", async () => {
    const toy = await runToy({ TOY_WORKERS: "3" });
    const answers = [];
    for (let time = 0; time < 6; time++) answers.push(await toy.ask("{ pid prepared }"));
    const pids = answers.map(({ data }) => data?.pid);
    expect(new Set(pids.slice(0, 3))).toEqual(new Set(await toy.workerPids()));
    expect(pids.slice(3)).toEqual(pids.slice(0, 3));
    expect(answers.map(({ data }) => data?.prepared)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(await toy.ready()).toEqual({ status: 200, body: { status: "ready" } });
  });

  test("a busy port is one line", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void other.close());
    await once(other, "listening");
    const { port } = other.address() as { port: number };
    expect(await runServer(toyServer, { PORT: String(port), TOY_WORKERS: "4" }).exit).toEqual({
      code: 1,
      text: `Cannot listen on HOST 127.0.0.1, PORT ${port}: the port is in use by another process.`,
    });
  });

  test.each([
    ["throws", "throws No such database.", /^No such database\.$/],
    ["exits", "exits", /^Worker [1-3] ended with code 7 before it was ready\.$/],
    ["is killed", "kills itself", /^Worker [1-3] ended with SIGKILL before it was ready\.$/],
  ])("a worker that %s while it starts stops the start with one line", async (_, version, line) => {
    const toy = runServer(toyServer, { TOY_VERSION: versionFile(version), TOY_WORKERS: "3" });
    const { code, text } = await toy.exit;
    expect(code).toBe(1);
    expect(text).toMatch(line);
  });
});

describe("a worker that ends", () => {
  test("is replaced at once, and said to have ended once, with its code; the others go on serving", async () => {
    const toy = await runToy();
    const before = await toy.workerPids();
    const crash = toy.ask("{ exit(value: 3) }");
    await expect(crash).rejects.toThrow();
    const [line] = await toy.logged("a worker ended by itself");
    expect(before).toContain(line?.workerPid);
    expect(line).toMatchObject({ level: 50, pid: toy.pid, code: 3, signal: null, replacedInMs: 0 });
    expect((await toy.ask("{ pid }")).status).toBe(200);
    await expect
      .poll(async () => (await toy.workerPids()).filter((pid) => !before.includes(pid)), patience)
      .toHaveLength(1);
    expect(await toy.logged("a worker ended by itself")).toHaveLength(1);
  });

  test("by a signal is said to have ended by it", async () => {
    const toy = await runToy();
    const [pid = 0] = await toy.workerPids();
    process.kill(pid, "SIGKILL");
    const [line] = await toy.logged("a worker ended by itself");
    expect(line).toMatchObject({ workerPid: pid, code: null, signal: "SIGKILL" });
  });

  test("again and again is waited for longer each time", async () => {
    const toy = await runToy();
    for (const losses of [1, 2, 3]) {
      await expect.poll(async () => (await toy.ready()).status, patience).toBe(200);
      const serving = await servingPids(2, () => toy.ask("{ pid }"));
      process.kill(serving[0] ?? 0, "SIGKILL");
      process.kill(serving[1] ?? 0, "SIGKILL");
      await toy.logged("a worker ended by itself", 2 * losses);
      await expect.poll(async () => (await toy.workerPids()).length, patience).toBe(2);
      await expect.poll(() => toy.ready().catch(() => undefined), patience).toMatchObject({ status: 200 });
    }
    const lines = await toy.logged("a worker ended by itself");
    const waits = (worker: number) => lines.filter((line) => line.worker === worker).map((line) => line.replacedInMs);
    expect([waits(1), waits(2)]).toEqual([
      [0, 500, 1_000],
      [0, 500, 1_000],
    ]);
  });

  test("takes its address with it when it was the last one, and its successor brings it back", async () => {
    const toy = await runToy();
    for (const pid of await toy.workerPids()) process.kill(pid, "SIGKILL");
    await toy.logged("a worker ended by itself", 2);
    await expect.poll(() => toy.ready().catch(() => undefined), patience).toMatchObject({ status: 200 });
    expect((await toy.ask("{ pid }")).status).toBe(200);
  });

  test("with most of the others makes /health/ready 503 until they are back, whoever is asked", async () => {
    const toy = await runToy({ TOY_WORKERS: "3" });
    const [, ...most] = await toy.workerPids();
    toy.setVersion("throws No such database.");
    for (const pid of most) process.kill(pid, "SIGKILL");
    await toy.logged("a worker did not start", 2);
    expect(await toy.ready()).toEqual({
      status: 503,
      body: { status: "unready", failed: { workers: "1 of 3 are ready" } },
    });
    expect((await toy.ask("{ pid }")).status).toBe(200);
    toy.setVersion("mended");
    await expect.poll(toy.ready, patience).toEqual({ status: 200, body: { status: "ready" } });
  });

  test("before it takes a connection that it was handed cuts that one alone, at once", async () => {
    const toy = await runToy();
    const [stopped = 0] = await toy.workerPids();
    process.kill(stopped, "SIGSTOP");
    let answered = 0;
    const three = Promise.withResolvers<void>();
    const asked = Array.from({ length: 4 }, async () => {
      const { status } = await toy.ask("{ pid }").catch(() => ({ status: "cut" }));
      if (status === 200 && ++answered === 3) three.resolve();
      return status;
    });
    await three.promise;
    process.kill(stopped, "SIGKILL");
    expect((await Promise.all(asked)).sort()).toEqual([200, 200, 200, "cut"]);
  });

  test("because its event loop stands still is killed and replaced", async () => {
    const toy = await runToy({ TOY_TIMING: JSON.stringify({ heartbeat: { everyMs: 100, missesAllowed: 5 } }) });
    const before = await toy.workerPids();
    const hung = toy.ask("{ hang }").catch(() => "cut");
    const [line] = await toy.logged("a worker ended by itself");
    expect(line).toMatchObject({ signal: "SIGKILL", reason: "It gave no sign for 500 ms." });
    expect(before).toContain(line?.workerPid);
    expect(await hung).toBe("cut");
    expect((await toy.ask("{ pid }")).status).toBe(200);
  });
});

/** The processes that answer, once so many different ones have. */
async function servingPids(
  count: number,
  ask: () => Promise<{ data?: Readonly<Record<string, unknown>> | undefined }>,
) {
  const pids = new Set<number>();
  while (pids.size < count) pids.add(Number((await ask()).data?.pid));
  return [...pids];
}
