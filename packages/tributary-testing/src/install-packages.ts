import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import { text } from "node:stream/consumers";

interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly optional?: boolean }>>;
}

/** The files that say what is installed, and how. */
const manifestFiles = ["package.json", "package-lock.json", ".npmrc"];

/**
 * Installs the packages of a folder that has a manifest of its own as its lockfile has them, unless they are there. Says
 * so on the console. Several processes may do it at once: each installs beside, and the first puts its packages in place.
 * @param folder its path, with `package.json`, `package-lock.json` and `.npmrc`
 * @throws Error when npm fails, with what npm said
 */
export async function installPackages(folder: string): Promise<void> {
  if (await areInstalled(folder)) return;
  console.log(`Installing the packages of ${relative(process.cwd(), folder) || folder}`);
  const beside = await mkdtemp(join(folder, ".installing-"));
  try {
    for (const file of manifestFiles) await copyFile(join(folder, file), join(beside, file));
    await runNpm(beside);
    if (!(await areInstalled(folder))) await replaceModules(beside, folder);
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

/** Whether the packages of a folder with a manifest of its own are there, in the versions of its lockfile. */
export async function areInstalled(folder: string): Promise<boolean> {
  const wanted = await readLockfile(join(folder, "package-lock.json"));
  if (wanted === undefined) throw new Error(`${folder} has no package-lock.json.`);
  return isInstalled(wanted, await readLockfile(join(folder, "node_modules/.package-lock.json")));
}

/** Packages for other machines only may be missing. */
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
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
  if (code !== 0) throw new Error(`npm ci ended with code ${code}: ${messageOf(said)}`);
}

/** npm's own lines without its prefix, stack traces and the name of its log file. */
const messageOf = (said: string): string =>
  said
    .split("\n")
    .flatMap((line) => /^npm error (?=\S)(?!A complete log)(.+)$/.exec(line)?.[1] ?? [])
    .join("; ");

/** The npm that runs this, on the Node that runs this: it picks packages that this Node can run. */
const npm = (): string[] =>
  process.env.npm_execpath === undefined ? ["npm"] : [process.execPath, process.env.npm_execpath];

async function replaceModules(beside: string, folder: string): Promise<void> {
  const place = join(folder, "node_modules");
  await rename(place, join(beside, "replaced")).catch(ignoreMissing);
  try {
    await rename(join(beside, "node_modules"), place);
  } catch (error) {
    // Another process was faster.
    if (!(await areInstalled(folder))) throw error;
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}
