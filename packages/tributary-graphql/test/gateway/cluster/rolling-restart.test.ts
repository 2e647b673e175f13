import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import { pollOptions, runToy, startLoad } from "./support/run-toy.ts";

vi.setConfig({ testTimeout: 60_000 });

describe("a rolling restart", () => {
  test("fails no request, on new and on kept connections, is ready throughout, and replaces every worker", async () => {
    const toy = await runToy({ TOY_WORKERS: "2" });
    const before = await toy.workerPids();
    const load = startLoad(toy.url, 4);
    await load.answers(50);
    toy.setVersion("second");
    toy.process.kill("SIGUSR2");
    const [line] = await toy.logged("workers were replaced");
    await load.answers(50);
    expect(Object.keys(await load.stop()).sort()).toEqual(["health: 200", "kept: 200", "new: 200"]);
    expect(line).toMatchObject({ level: 30, pid: toy.pid, replaced: 2 });
    const after = await toy.workerPids();
    expect(after).toHaveLength(2);
    expect(after.filter((pid) => before.includes(pid))).toEqual([]);
    const versions = [await toy.ask("{ version }"), await toy.ask("{ version }")];
    expect(versions.map(({ data }) => data?.version)).toEqual(["second", "second"]);
    expect(toy.lines().filter((text) => /"level":[456]0/.test(text))).toEqual([]);
  });

  test("ends with workers that all started after the last signal, when a second signal comes meanwhile", async () => {
    const toy = await runToy({ TOY_WORKERS: "2" });
    toy.setVersion("second");
    toy.process.kill("SIGUSR2");
    await expect.poll(async () => (await toy.ask("{ version }")).data?.version, pollOptions).toBe("second");
    toy.setVersion("third");
    toy.process.kill("SIGUSR2");
    await toy.logged("workers were replaced");
    const versions = [await toy.ask("{ version }"), await toy.ask("{ version }")];
    expect(versions.map(({ data }) => data?.version)).toEqual(["third", "third"]);
  });

  test("runs at most one worker more than configured, and never fewer", async () => {
    const toy = await runToy({ TOY_WORKERS: "3" });
    const counts = new Set<number>();
    let isDone = false;
    const done = toy.logged("workers were replaced").then(() => {
      isDone = true;
    });
    toy.process.kill("SIGUSR2");
    for (; !isDone; await delay(50)) counts.add((await toy.workerPids()).length);
    await done;
    expect(Math.max(...counts)).toBe(4);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(3);
  });
});

describe("a rolling restart whose first new worker does not start", () => {
  test.each([
    ["throws No such table.", "No such table."],
    ["exits", "Worker 1 exited with code 7 before it was ready."],
  ])("(%s) is aborted, and the old workers keep serving", async (version, reason) => {
    const toy = await runToy();
    const before = await toy.workerPids();
    toy.setVersion(version);
    toy.process.kill("SIGUSR2");
    await toy.logged("the rolling restart was aborted: the remaining workers keep serving");
    expect(await toy.logged("a worker did not start")).toMatchObject([{ level: 50, worker: 1, reason }]);
    const answers = [await toy.ask("{ pid }"), await toy.ask("{ pid }")];
    expect(answers.map(({ data }) => data?.pid).sort()).toEqual(before.sort());
    expect(await toy.workerPids()).toEqual(before);
  });

  test("in time kills that worker, and logs the reason", async () => {
    const toy = await runToy({ TOY_TIMING: JSON.stringify({ startTimeoutMs: 1 }) });
    const before = await toy.workerPids();
    toy.process.kill("SIGUSR2");
    expect(await toy.logged("a worker did not start")).toMatchObject([{ reason: "It was not ready within 1 ms." }]);
    await expect.poll(toy.workerPids, pollOptions).toEqual(before);
  });
});

test("SIGTERM to one worker has it replaced without a failed request", async () => {
  const toy = await runToy();
  const [kept = 0, ended = 0] = await toy.workerPids();
  const load = startLoad(toy.url, 2);
  await load.answers(20);
  process.kill(ended, "SIGTERM");
  const [line] = await toy.logged("workers were replaced");
  await load.answers(20);
  expect(Object.keys(await load.stop()).sort()).toEqual(["health: 200", "kept: 200", "new: 200"]);
  expect(line).toMatchObject({ replaced: 1 });
  const after = await toy.workerPids();
  expect(after).toHaveLength(2);
  expect(after).toContain(kept);
  expect(after).not.toContain(ended);
});
