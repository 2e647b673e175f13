import { readFileSync } from "node:fs";

/** The version of a package in node_modules. */
export function installedVersion(name: string): string {
  const text = readFileSync(new URL(`../../../node_modules/${name}/package.json`, import.meta.url), "utf8");
  const { version } = JSON.parse(text);
  if (typeof version !== "string") throw new Error(`The package ${name} does not say its version.`);
  return version;
}
