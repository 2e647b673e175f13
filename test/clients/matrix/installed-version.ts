import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";

/** The installed version of a client. */
export function installedVersion(name: string): string {
  const path = findPackageJSON(name, import.meta.url);
  if (path === undefined) throw new Error(`The package ${name} is not installed.`);
  const { version } = JSON.parse(readFileSync(path, "utf8"));
  if (typeof version !== "string") throw new Error(`The manifest of ${name} has no version.`);
  return version;
}
