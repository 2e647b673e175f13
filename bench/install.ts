import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL(".//", import.meta.url));

interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly optional?: boolean }>>;
}

/**
 * Installs the packages of the peers as their lockfile has them, unless they are there.
 * @throws Error when npm fails
 */
export async function installPeers(): Promise<void> {
  const [wanted, installed] = await Promise.all([
    readLockfile("package-lock.json"),
    readLockfile("node_modules/.package-lock.json").catch(() => undefined),
  ]);
  if (wanted !== undefined && isInstalled(wanted, installed)) return;
  console.log("Installing the peers' packages into bench/node_modules");
  const [program, ...args] = [...npm(), "ci", "--no-audit", "--no-fund"];
  const child = spawn(program as string, args, { cwd: folder, stdio: "inherit" });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`npm ci in bench/ ended with code ${code}.`);
}

/** What is installed on other machines only may be missing. */
export const isInstalled = (wanted: Lockfile, installed: Lockfile | undefined): boolean =>
  Object.entries(wanted.packages).every(
    ([path, { version, optional }]) =>
      path === "" || optional === true || installed?.packages[path]?.version === version,
  );

const readLockfile = async (path: string): Promise<Lockfile> => JSON.parse(await readFile(`${folder}${path}`, "utf8"));

/** The npm that runs this, on the Node that runs this: it picks packages that this Node can run. */
const npm = (): string[] =>
  process.env.npm_execpath === undefined ? ["npm"] : [process.execPath, process.env.npm_execpath];
