import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";

/** The version of a package that the tests of clients run. */
export function installedVersion(name: string): string {
  const path = findPackageJSON(name, import.meta.url);
  if (path === undefined) throw new Error(`The package ${name} is not installed.`);
  const { version } = JSON.parse(readFileSync(path, "utf8"));
  if (typeof version !== "string") throw new Error(`The package ${name} does not say its version.`);
  return version;
}
