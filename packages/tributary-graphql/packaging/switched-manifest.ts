import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Manifest, packedManifest } from "./manifest.ts";

const pathsIn = (folder: string) => ({
  manifest: join(folder, "package.json"),
  /** Ignored by git, and not in the package. */
  saved: join(folder, "package.json.saved"),
  compiled: join(folder, "dist"),
});

/** Makes package.json name the compiled files, and saves the original. */
export function switchManifest(folder: string): void {
  const { manifest, saved } = pathsIn(folder);
  const text = readFileSync(manifest, "utf8");
  const packed = packedManifest(JSON.parse(text) as Manifest);
  writeFileSync(saved, text);
  writeFileSync(manifest, `${JSON.stringify(packed, undefined, 2)}\n`);
}

export const isSwitched = (folder: string): boolean => existsSync(pathsIn(folder).saved);

/** Undoes `switchManifest`, and removes the compiled files. Does nothing if there are none. */
export function restoreManifest(folder: string): void {
  const { manifest, saved, compiled } = pathsIn(folder);
  if (isSwitched(folder)) renameSync(saved, manifest);
  rmSync(compiled, { recursive: true, force: true });
}
