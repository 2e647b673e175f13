import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));

test("a run with a failing test exits with 1, whichever databases it has started", async () => {
  const command = [
    "node_modules/vitest/vitest.mjs",
    "run",
    "--config",
    "packages/tributary-testing/test/failing-run/vitest.config.ts",
  ];
  const child = spawn(process.execPath, command, { cwd: root, stdio: ["ignore", "pipe", "ignore"] });
  const [output, exit] = await Promise.all([text(child.stdout), once(child, "exit")]);
  expect(output).toContain("fails after every kind of database has been used");
  expect(exit).toEqual([1, null]);
});
