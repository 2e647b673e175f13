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

/** How the stand-ins for the tools that `.ci/run` calls behave. */
interface Tools {
  readonly installs?: boolean;
  readonly checksPass?: boolean;
  /** The report that the test runner leaves; null for none. */
  readonly report?: unknown;
  readonly testExitCode?: number;
  /** The report of the run that is elsewhere; default the same. */
  readonly reportElsewhere?: unknown;
  /** Whether MariaDB can be reached, now or ever. */
  readonly mariadbAnswers?: boolean;
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

/** Runs `.ci/run` with stand-ins first on PATH: nothing is installed, nothing is started. */
function run(tools: Tools): { lastLine: string | undefined; output: string; status: number | null } {
  const { installs = true, checksPass = true, report = passing, testExitCode = 0, mariadbAnswers = true } = tools;
  const { reportElsewhere = report } = tools;
  const writeReport = (content: unknown) =>
    content === null ? "" : `printf '%s' '${JSON.stringify(content)}' > "\${@: -1}";`;
  tool(
    "npm",
    `case "$1" in
      ci) mkdir -p node_modules/.bin && ln -sf '${process.execPath}' node_modules/.bin/node; exit ${installs ? 0 : 1};;
      run) exit ${checksPass ? 0 : 1};;
      test) set -- "\${@/#--outputFile.json=/}"; 
        if [ -n "\${TZ-}" ]; then ${writeReport(reportElsewhere)} true; else ${writeReport(report)} true; fi
        exit ${testExitCode};;
    esac`,
  );
  tool("mariadb", `exit ${mariadbAnswers ? 0 : 1}`);
  for (const name of ["apt-get", "install", "start-stop-daemon"]) tool(name, "exit 0");
  for (const name of ["seq", "sleep"]) tool(name, "echo 1");
  tool("sudo", 'shift; exec "$@"');
  writeFileSync(join(root, ".ci/with-mariadb-without-backslashes"), '#!/usr/bin/env bash\n"$@"\n', { mode: 0o755 });
  const { TZ: _, ...environment } = process.env;
  const env = { ...environment, PATH: `${join(root, "bin")}:${process.env.PATH}` };
  const { stdout, status } = spawnSync("bash", [join(root, ".ci/run")], { env, encoding: "utf8" });
  return { lastLine: stdout.trimEnd().split("\n").at(-1), output: stdout, status };
}

test("a run in which everything holds ends with the counts and with success", () => {
  const { lastLine, status } = run({});
  expect({ lastLine, status }).toEqual({ lastLine: "2 passed, 0 failed, 2 skipped", status: 0 });
});

test("a failed test fails the run", () => {
  const { lastLine, status } = run({ report: failing, testExitCode: 1 });
  expect({ lastLine, status }).toEqual({ lastLine: "2 passed, 2 failed, 0 skipped", status: 1 });
});

test("a failed check fails the run, and the tests run all the same", () => {
  const { lastLine, status, output } = run({ checksPass: false });
  expect({ lastLine, status }).toEqual({ lastLine: "2 passed, 0 failed, 2 skipped", status: 1 });
  expect(output).toContain("Checks: FAILED");
});

test("a runner that fails though no test did fails the run", () => {
  expect(run({ testExitCode: 1 }).status).toBe(1);
});

test("a test that fails in another time zone or mode of MariaDB fails the run", () => {
  const { lastLine, status } = run({ reportElsewhere: failing });
  expect({ lastLine, status }).toEqual({ lastLine: "2 passed, 1 failed, 1 skipped", status: 1 });
});

test("a run that leaves no report of the types elsewhere fails", () => {
  expect(run({ reportElsewhere: null })).toMatchObject({ lastLine: "1 passed, 0 failed, 1 skipped", status: 1 });
});

test("a run without a test fails", () => {
  expect(run({ report: { testResults: [] } })).toMatchObject({ lastLine: "0 passed, 0 failed, 0 skipped", status: 1 });
});

test("a run whose runner left no report fails", () => {
  expect(run({ report: null })).toMatchObject({ lastLine: "0 passed, 0 failed, 0 skipped", status: 1 });
});

test("a failed installation stops the run", () => {
  const { lastLine, status, output } = run({ installs: false });
  expect({ lastLine, status }).toEqual({ lastLine: "0 passed, 1 failed, 0 skipped", status: 1 });
  expect(output).not.toContain("=== Tests");
});

test("a database that cannot be reached fails the run", () => {
  expect(run({ mariadbAnswers: false }).output).toContain("MariaDB: FAILED");
});
