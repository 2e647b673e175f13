import { once } from "node:events";
import { createServer } from "node:net";
import { runServer } from "tributary-testing/server-process.ts";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { pollOptions, runToy, toyServer, versionFile } from "./support/run-toy.ts";

vi.setConfig({ testTimeout: 60_000 });

describe("the start", () => {
  test("workers share one port, get connections round-robin, and share what was prepared once", async () => {
    const toy = await runToy({ TOY_WORKERS: "3" });
    const answers = [];
    for (let time = 0; time < 6; time++) answers.push(await toy.ask("{ pid prepared }"));
    const pids = answers.map(({ data }) => data?.pid);
    expect(new Set(pids.slice(0, 3))).toEqual(new Set(await toy.workerPids()));
    expect(pids.slice(3)).toEqual(pids.slice(0, 3));
    expect(answers.map(({ data }) => data?.prepared)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(await toy.ready()).toEqual({ status: 200, body: { status: "ready" } });
  });

  test("a busy port stops the start with one line", async () => {
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
    ["exits", "exits", /^Worker [1-3] exited with code 7 before it was ready\.$/],
    ["is killed", "kills itself", /^Worker [1-3] was terminated by SIGKILL before it was ready\.$/],
  ])("a worker that %s while it starts stops the start with one line", async (_, version, line) => {
    const toy = runServer(toyServer, { TOY_VERSION: versionFile(version), TOY_WORKERS: "3" });
    const { code, text } = await toy.exit;
    expect(code).toBe(1);
    expect(text).toMatch(line);
  });
});

describe("a worker that exits", () => {
  test("is replaced at once, and its exit is logged once, with its code; the others keep serving", async () => {
    const toy = await runToy();
    const before = await toy.workerPids();
    const crash = toy.ask("{ exit(value: 3) }");
    await expect(crash).rejects.toThrow();
    const [line] = await toy.logged("a worker exited unexpectedly");
    expect(before).toContain(line?.workerPid);
    expect(line).toMatchObject({ level: 50, pid: toy.pid, code: 3, signal: null, replacedInMs: 0 });
    expect((await toy.ask("{ pid }")).status).toBe(200);
    await expect
      .poll(async () => (await toy.workerPids()).filter((pid) => !before.includes(pid)), pollOptions)
      .toHaveLength(1);
    expect(await toy.logged("a worker exited unexpectedly")).toHaveLength(1);
  });

  test("by a signal is logged with the signal", async () => {
    const toy = await runToy();
    const [pid = 0] = await toy.workerPids();
    process.kill(pid, "SIGKILL");
    const [line] = await toy.logged("a worker exited unexpectedly");
    expect(line).toMatchObject({ workerPid: pid, code: null, signal: "SIGKILL" });
  });

  test("repeatedly is replaced after a longer delay each time", async () => {
    const toy = await runToy();
    for (const losses of [1, 2, 3]) {
      await expect.poll(async () => (await toy.ready()).status, pollOptions).toBe(200);
      const serving = await servingPids(2, () => toy.ask("{ pid }"));
      process.kill(serving[0] ?? 0, "SIGKILL");
      process.kill(serving[1] ?? 0, "SIGKILL");
      await toy.logged("a worker exited unexpectedly", 2 * losses);
      await expect.poll(async () => (await toy.workerPids()).length, pollOptions).toBe(2);
      await expect.poll(() => toy.ready().catch(() => undefined), pollOptions).toMatchObject({ status: 200 });
    }
    const lines = await toy.logged("a worker exited unexpectedly");
    const waits = (worker: number) => lines.filter((line) => line.worker === worker).map((line) => line.replacedInMs);
    expect([waits(1), waits(2)]).toEqual([
      [0, 500, 1_000],
      [0, 500, 1_000],
    ]);
  });

  test("as the last one releases the port, and its replacement listens on the same port", async () => {
    const toy = await runToy();
    for (const pid of await toy.workerPids()) process.kill(pid, "SIGKILL");
    await toy.logged("a worker exited unexpectedly", 2);
    await expect.poll(() => toy.ready().catch(() => undefined), pollOptions).toMatchObject({ status: 200 });
    expect((await toy.ask("{ pid }")).status).toBe(200);
  });

  test("with most of the others makes /health/ready 503 at every worker until they are replaced", async () => {
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
    toy.setVersion("fixed");
    await expect.poll(toy.ready, pollOptions).toEqual({ status: 200, body: { status: "ready" } });
  });

  test("before it accepts a connection closes that one alone, at once", async () => {
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

  test("is replaced, also when it is killed because its event loop is blocked", async () => {
    const toy = await runToy({ TOY_TIMING: JSON.stringify({ heartbeat: { everyMs: 100, missesAllowed: 5 } }) });
    const before = await toy.workerPids();
    const hung = toy.ask("{ hang }").catch(() => "cut");
    const [line] = await toy.logged("a worker exited unexpectedly");
    expect(line).toMatchObject({ signal: "SIGKILL", reason: "It did not respond for 500 ms." });
    expect(before).toContain(line?.workerPid);
    expect(await hung).toBe("cut");
    expect((await toy.ask("{ pid }")).status).toBe(200);
  });
});

/** The ids of the processes that answer, as soon as there are `count` different ones. */
async function servingPids(
  count: number,
  ask: () => Promise<{ data?: Readonly<Record<string, unknown>> | undefined }>,
) {
  const pids = new Set<number>();
  while (pids.size < count) pids.add(Number((await ask()).data?.pid));
  return [...pids];
}
