import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

// `npm run check:types` excludes this folder, because it must pass without the clients.
test("the tests of clients compile with the types of the clients and the operations", async () => {
  const check = promisify(execFile)(`${root}node_modules/.bin/tsc`, ["-p", "test/clients"], { cwd: root }).catch(
    ({ stdout }: { stdout: string }) => ({ stdout }),
  );
  expect((await check).stdout).toBe("");
}, 120_000);
