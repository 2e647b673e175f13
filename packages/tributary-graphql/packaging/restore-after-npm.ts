/**
 * Waits until npm has exited, and restores package.json if npm did not run `postpack`.
 *
 *     node packaging/restore-after-npm.ts PID
 */
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isSwitched, restoreManifest } from "./switched-manifest.ts";

const pollMs = 50;

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

if (import.meta.main) {
  const npm = Number(process.argv[2]);
  const folder = join(import.meta.dirname, "..");
  while (isRunning(npm)) await delay(pollMs);
  if (isSwitched(folder)) restoreManifest(folder);
}
