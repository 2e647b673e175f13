/**
 * The end of the `prepack` script: makes package.json name dist/, the compiled src/. Node strips no types below
 * node_modules, so the package has JavaScript; in the repository everything runs unbuilt, and package.json names src/.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { npmProcess } from "./npm-process.ts";
import { switchManifest } from "./switched-manifest.ts";

/** Starts a process that restores package.json after npm has exited: npm skips `postpack` when it cannot write the tarball. */
function restoreAfter(npm: number): void {
  const watcher = join(import.meta.dirname, "restore-after-npm.ts");
  spawn(process.execPath, [watcher, String(npm)], { detached: true, stdio: "ignore" }).unref();
}

if (import.meta.main) {
  const npm = npmProcess();
  if (npm !== undefined) restoreAfter(npm);
  switchManifest(join(import.meta.dirname, ".."));
}
