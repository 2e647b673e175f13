import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { cpuMs, residentBytes } from "../processes/usage.ts";

/** Uses CPU time, starts a child with the argument `parent`, prints the process id of the last process, and waits. */
const worker = `
  const { spawn } = require("node:child_process");
  const until = Date.now() + 150;
  while (Date.now() < until);
  const child = process.argv[1] === "parent" && spawn(process.execPath, ["-e", process.env.WORKER], { stdio: ["pipe", "pipe", "inherit"] });
  if (child) child.stdout.on("data", (pid) => process.stdout.write(String(pid)));
  else process.stdout.write(String(process.pid));
  process.stdin.resume().on("end", () => process.exit());`;

async function start(): Promise<{ readonly parent: ChildProcess; readonly childPid: number }> {
  const parent = spawn(process.execPath, ["-e", worker, "parent"], { env: { ...process.env, WORKER: worker } });
  onTestFinished(async () => {
    const exited = once(parent, "exit");
    parent.stdin.end();
    await exited;
  });
  const [pid] = await once(parent.stdout, "data");
  return { parent, childPid: Number(pid) };
}

test.runIf(process.platform === "linux")("CPU time and memory of a process include its descendants", async () => {
  const { parent, childPid } = await start();
  const { pid = 0 } = parent;
  expect(cpuMs(childPid)).toBeGreaterThan(0);
  expect(cpuMs(pid)).toBeGreaterThan(cpuMs(childPid));
  expect(residentBytes(childPid)).toBeGreaterThan(0);
  expect(residentBytes(pid)).toBeGreaterThan(residentBytes(childPid));
});

test("CPU time and memory of an exited process are 0", () => {
  expect([cpuMs(2 ** 30), residentBytes(2 ** 30)]).toEqual([0, 0]);
});
