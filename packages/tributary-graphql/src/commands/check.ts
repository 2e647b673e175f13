/** `tributary check` runs every `check:*` script of package.json, one after the other, also after a failure. */
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { appRoot } from "./app.ts";

/** The result of one check. */
export interface CheckResult {
  readonly name: string;
  readonly passed: boolean;
}

/** Runs all checks of the package at `root`. Their output goes to the output of this process. */
export async function runChecks(root: string): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const name of await checkNames(root)) {
    console.log(`\n== ${name}`);
    results.push({ name, passed: await runScript(root, name) });
  }
  return results;
}

/** One line per check. */
export const summaryOf = (results: readonly CheckResult[]): string =>
  results.map(({ name, passed }) => `${passed ? "ok    " : "FAILED"} ${name}`).join("\n");

async function checkNames(root: string): Promise<string[]> {
  const manifest: { scripts?: Record<string, string> } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  return Object.keys(manifest.scripts ?? {}).filter((name) => name.startsWith("check:"));
}

function runScript(root: string, name: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--run", name], { cwd: root, stdio: "inherit" });
    child.once("error", reject);
    child.once("close", (code) => resolve(code === 0));
  });
}

export async function command(): Promise<boolean> {
  const root = appRoot();
  const results = await runChecks(root);
  console.log(`\n${summaryOf(results)}`);
  return results.length > 0 && results.every(({ passed }) => passed);
}
