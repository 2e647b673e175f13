import { createHash } from "node:crypto";
import { copyFile, glob, mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openDatabase } from "tributary-graphql/sql";
import { prepareDatabase } from "../../atlas/database/prepare.ts";
import type { AtlasDatabase } from "../../datasources/database.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const cacheFolder = join(root, "node_modules/.cache/tributary");

/** The files that determine the content of the seeded database. */
const inputs = [
  "atlas/database/*.ts",
  "datasources/*.ts",
  "packages/tributary-graphql/src/sql/**/*.ts",
  "package-lock.json",
];

/** Copies a seeded SQLite database to `file`. It is cached until the seed or its packages change. */
export async function copySeededSqlite(file: string): Promise<void> {
  const template = join(cacheFolder, `atlas-${await hashOf(inputs)}.sqlite`);
  try {
    await copyFile(template, file);
  } catch {
    await fill(template);
    await copyFile(template, file);
  }
}

/** Each process writes a file of its own, then renames it: parallel runs are safe, and the last one wins. */
async function fill(template: string): Promise<void> {
  await mkdir(cacheFolder, { recursive: true });
  for await (const outdated of glob("atlas-*.sqlite", { cwd: cacheFolder })) {
    await rm(join(cacheFolder, outdated), { force: true });
  }
  const unfinished = `${template}.${process.pid}`;
  const database = await openDatabase<AtlasDatabase>(`sqlite:${unfinished}`, { createFile: true });
  try {
    await prepareDatabase(database);
  } finally {
    await database.close();
  }
  await rename(unfinished, template);
}

async function hashOf(patterns: readonly string[]): Promise<string> {
  const files = (await Array.fromAsync(glob([...patterns], { cwd: root }))).sort();
  const hash = createHash("sha256");
  for (const file of files) hash.update(file).update(await readFile(join(root, file)));
  return hash.digest("hex").slice(0, 16);
}
