import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const repository = fileURLToPath(new URL("../..", import.meta.url));

const passing = {
  testResults: [{ status: "passed", assertionResults: [{ status: "passed" }, { status: "pending" }] }],
};
const failing = { testResults: [{ status: "failed", assertionResults: [{ status: "passed" }, { status: "failed" }] }] };

/** The behavior of the fake tools that `.ci/run` calls. */
interface Tools {
  readonly installs?: boolean;
  readonly checksPass?: boolean;
  /** The report of the test runner; null for none. */
  readonly report?: unknown;
  readonly testExitCode?: number;
  /** The report of the run of the column type tests. Default: the same. */
  readonly typesReport?: unknown;
  /** Whether connections to MariaDB succeed. */
  readonly mariadbIsAvailable?: boolean;
}

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "tributary-ci-"));
  for (const folder of [".ci", "checks", "bin"]) mkdirSync(join(root, folder));
  for (const file of [".ci/run", ".ci/count-tests.ts"]) copyFileSync(join(repository, file), join(root, file));
  writeFileSync(join(root, "package.json"), '{ "type": "module" }');
});
afterEach(() => rmSync(root, { recursive: true }));

function tool(name: string, body: string): void {
  const path = join(root, "bin", name);
  writeFileSync(path, `#!/usr/bin/env bash\n${body}\n`);
  chmodSync(path, 0o755);
}

/** Runs `.ci/run` with fake tools first on PATH: it installs and starts nothing. */
function run(tools: Tools): { lastLine: string | undefined; output: string; status: number | null } {
  const { installs = true, checksPass = true, report = passing, testExitCode = 0, mariadbIsAvailable = true } = tools;
  const { typesReport = report } = tools;
  const writeReport = (content: unknown) =>
    content === null ? "" : `printf '%s' '${JSON.stringify(content)}' > "\${@: -1}";`;
  tool(
    "npm",
    `case "$1" in
      ci) mkdir -p node_modules/.bin && ln -sf '${process.execPath}' node_modules/.bin/node; exit ${installs ? 0 : 1};;
      run) exit ${checksPass ? 0 : 1};;
      test) set -- "\${@/#--outputFile.json=/}"; 
        if [ -n "\${TZ-}" ]; then ${writeReport(typesReport)} true; else ${writeReport(report)} true; fi
        exit ${testExitCode};;
    esac`,
  );
  tool("mariadb", `exit ${mariadbIsAvailable ? 0 : 1}`);
  for (const name of ["apt-get", "install", "start-stop-daemon"]) tool(name, "exit 0");
  for (const name of ["seq", "sleep"]) tool(name, "echo 1");
  tool("sudo", 'shift; exec "$@"');
  writeFileSync(join(root, ".ci/with-mariadb-without-backslashes"), '#!/usr/bin/env bash\n"$@"\n', { mode: 0o755 });
  const { TZ: _, ...environment } = process.env;
  const env = { ...environment, PATH: `${join(root, "bin")}:${process.env.PATH}` };
  const { stdout, status } = spawnSync("bash", [join(root, ".ci/run")], { env, encoding: "utf8" });
  return { lastLine: stdout.trimEnd().split("\n").at(-1), output: stdout, status };
}

test("a successful run ends with the counts and exit code 0", () => {
  const { lastLine, status } = run({});
  expect({ lastLine, status }).toEqual({ lastLine: "2 passed, 0 failed, 2 skipped", status: 0 });
});

test("a failed test fails the run", () => {
  const { lastLine, status } = run({ report: failing, testExitCode: 1 });
  expect({ lastLine, status }).toEqual({ lastLine: "2 passed, 2 failed, 0 skipped", status: 1 });
});

test("a failed check fails the run, after the tests have run", () => {
  const { lastLine, status, output } = run({ checksPass: false });
  expect({ lastLine, status }).toEqual({ lastLine: "2 passed, 0 failed, 2 skipped", status: 1 });
  expect(output).toContain("Checks: FAILED");
});

test("an error of the test runner without a failed test fails the run", () => {
  expect(run({ testExitCode: 1 }).status).toBe(1);
});

test("a test that fails in another time zone or another mode of MariaDB fails the run", () => {
  const { lastLine, status } = run({ typesReport: failing });
  expect({ lastLine, status }).toEqual({ lastLine: "2 passed, 1 failed, 1 skipped", status: 1 });
});

test("a missing report of the column type tests fails the run", () => {
  expect(run({ typesReport: null })).toMatchObject({ lastLine: "1 passed, 0 failed, 1 skipped", status: 1 });
});

test("a run without tests fails", () => {
  expect(run({ report: { testResults: [] } })).toMatchObject({ lastLine: "0 passed, 0 failed, 0 skipped", status: 1 });
});

test("a missing report of the test runner fails the run", () => {
  expect(run({ report: null })).toMatchObject({ lastLine: "0 passed, 0 failed, 0 skipped", status: 1 });
});

test("a failed installation stops the run", () => {
  const { lastLine, status, output } = run({ installs: false });
  expect({ lastLine, status }).toEqual({ lastLine: "0 passed, 1 failed, 0 skipped", status: 1 });
  expect(output).not.toContain("=== Tests");
});

test("a database that is not available fails the run", () => {
  expect(run({ mariadbIsAvailable: false }).output).toContain("MariaDB: FAILED");
});
