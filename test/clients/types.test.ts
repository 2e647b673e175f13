import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

// `npm run check:types` leaves this folder out: it has to hold where the clients are not installed.
test("the tests of clients agree with the types of the clients and of the graph", async () => {
  const check = promisify(execFile)(`${root}node_modules/.bin/tsc`, ["-p", "test/clients"], { cwd: root }).catch(
    ({ stdout }: { stdout: string }) => ({ stdout }),
  );
  expect((await check).stdout).toBe("");
}, 120_000);
