import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import { text } from "node:stream/consumers";

interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly optional?: boolean }>>;
}

/** The files that determine the installation. */
const manifestFiles = ["package.json", "package-lock.json", ".npmrc"];

/**
 * Installs the packages of a folder's lockfile, unless they are installed. Prints one line when it does. Several processes
 * may do so at once: each installs into a temporary folder, and the first one moves its packages to `node_modules`.
 * @param folder its path, with `package.json`, `package-lock.json` and `.npmrc`
 * @throws Error when npm fails, with npm's message
 */
export async function installPackages(folder: string): Promise<void> {
  if (await areInstalled(folder)) return;
  console.log(`Installing the packages of ${relative(process.cwd(), folder) || folder}`);
  const temporary = await mkdtemp(join(folder, ".installing-"));
  try {
    for (const file of manifestFiles) await copyFile(join(folder, file), join(temporary, file));
    await runNpm(temporary);
    if (!(await areInstalled(folder))) await replaceModules(temporary, folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Whether the packages of a folder's lockfile are installed, in its versions. */
export async function areInstalled(folder: string): Promise<boolean> {
  const wanted = await readLockfile(join(folder, "package-lock.json"));
  if (wanted === undefined) throw new Error(`${folder} has no package-lock.json.`);
  return isInstalled(wanted, await readLockfile(join(folder, "node_modules/.package-lock.json")));
}

/** Whether all required packages are installed. Optional ones, for other platforms, may be missing. */
export const isInstalled = (wanted: Lockfile, installed: Lockfile | undefined): boolean =>
  Object.entries(wanted.packages).every(
    ([path, { version, optional }]) =>
      path === "" || optional === true || installed?.packages[path]?.version === version,
  );

async function readLockfile(path: string): Promise<Lockfile | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function runNpm(folder: string): Promise<void> {
  const [program, ...args] = [...npm(), "ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const child = spawn(program as string, args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  const [output, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
  if (code !== 0) throw new Error(`npm ci exited with code ${code}: ${messageOf(output)}`);
}

/** npm's lines without their prefix, stack traces and the name of the log file. */
const messageOf = (output: string): string =>
  output
    .split("\n")
    .flatMap((line) => /^npm error (?=\S)(?!A complete log)(.+)$/.exec(line)?.[1] ?? [])
    .join("; ");

/** The npm and the Node that run this process, so that the packages fit this Node. */
const npm = (): string[] =>
  process.env.npm_execpath === undefined ? ["npm"] : [process.execPath, process.env.npm_execpath];

async function replaceModules(temporary: string, folder: string): Promise<void> {
  const modules = join(folder, "node_modules");
  await rename(modules, join(temporary, "replaced")).catch(ignoreMissing);
  try {
    await rename(join(temporary, "node_modules"), modules);
  } catch (error) {
    // Another process may have been faster.
    if (!(await areInstalled(folder))) throw error;
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}
