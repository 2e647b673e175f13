/**
 * npm runs this before it packs, when src/ is compiled to dist/: package.json names that. Node strips no types below
 * node_modules, so the package has JavaScript; in the repository everything runs unbuilt, and package.json names src/.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { npmProcess } from "./npm-process.ts";
import { switchManifest } from "./switched-manifest.ts";

/** npm runs no postpack when it cannot write the package: a process of its own then restores what was switched. */
function restoreAfter(npm: number): void {
  const watcher = join(import.meta.dirname, "restore-after-npm.ts");
  spawn(process.execPath, [watcher, String(npm)], { detached: true, stdio: "ignore" }).unref();
}

if (import.meta.main) {
  const npm = npmProcess();
  if (npm !== undefined) restoreAfter(npm);
  switchManifest(join(import.meta.dirname, ".."));
}
