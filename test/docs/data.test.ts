import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const readText = (path: string): string => readFileSync(`${root}${path}`, "utf8");
const rows = readText("docs/data.md")
  .split("\n")
  .map((line) => /^\| .*? \| `([^`]+)` ([\d.]+) \| (.+?) \|/.exec(line))
  .filter((match) => match !== null)
  .map(([, name = "", version = "", license = ""]) => ({ name, version, license }));
/** The package of the rates is not installed: the repository has a copy. */
const installed = rows.filter(({ name }) => name !== "@fawazahmed0/currency-api");

test("docs/data.md names each data package once", () => {
  expect(installed).toHaveLength(5);
});

test.each(installed)("docs/data.md has the installed version of $name and its license", (row) => {
  const manifest: { version: string; license?: string } = JSON.parse(readText(`node_modules/${row.name}/package.json`));
  expect(row.version).toBe(manifest.version);
  // `BSD-2-Clause` is `BSD 2-Clause` in the page; a package without the field has a file LICENSE.
  if (manifest.license) expect(row.license.replaceAll(" ", "-")).toContain(manifest.license);
});

test("docs/data.md has the same version of the rates as atlas/data/README.md", () => {
  const [rates] = rows.filter((row) => !installed.includes(row));
  expect(readText("atlas/data/README.md")).toContain(`\`${rates?.name}\` ${rates?.version}`);
});
