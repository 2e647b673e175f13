import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { testDatabases, useAtlasUrl } from "../support/databases.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const command = fileURLToPath(new URL("../../node_modules/.bin/tributary", import.meta.url));

describe.each(testDatabases)("on %s", { timeout: 90_000 }, (name) => {
  const databaseUrl = useAtlasUrl(name);

  test("no operation makes more calls than recorded", async () => {
    const env = { ...process.env, DATABASE_URL: databaseUrl() };
    const check = promisify(execFile)(process.execPath, [command, "calls", "check", "--base", "HEAD"], {
      cwd: root,
      env,
    });
    const { stdout } = await check;
    expect(stdout).toMatch(/^\d+ operations: no more calls than in operations\/calls\.json,/);
  });
});
