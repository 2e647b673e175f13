/**
 * Writes the files of a release to release/: for each package a tarball and a bill of materials, and the release notes.
 *
 *     npm run release -- --dry-run   checks the versions and writes the files
 *     npm run release                also publishes the tarballs, and tags the commit
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type BillOfMaterials, billOfPackage } from "./bill-of-materials.ts";
import { notesOf } from "./notes.ts";
import { readPackages, rootVersion, versionFaults } from "./versions.ts";

const root = join(import.meta.dirname, "../..");
const folder = join(root, "release");

const run = (program: string, ...args: string[]): string =>
  execFileSync(program, args, { cwd: root, encoding: "utf8", stdio: ["inherit", "pipe", "inherit"] }).trim();

/** The reasons against a release. */
function faults(version: string, notes: string | undefined, isDryRun: boolean): string[] {
  const found = versionFaults(root);
  if (run("git", "status", "--porcelain") !== "") found.push("The work tree has changes: commit them first.");
  if (isDryRun) return found;
  const branch = run("git", "branch", "--show-current");
  if (branch !== "main") found.push(`Expected the branch main, got ${branch || "no branch"}.`);
  if (run("git", "tag", "--list", `v${version}`) !== "")
    found.push(`The tag v${version} exists: increment the version.`);
  if (notes === undefined) found.push(`CHANGELOG.md has no entry "## [${version}] - <date>".`);
  return found;
}

/** @returns the tarball's path */
function makePackage(name: string): string {
  // The prepack script compiles the package.
  const packed = run(
    "npm",
    "pack",
    "--workspace",
    name,
    "--ignore-scripts=false",
    "--json",
    "--pack-destination",
    folder,
  );
  const [file] = new RegExp(`${name}-[\\w.+-]+\\.tgz`).exec(packed) ?? [];
  if (file === undefined) throw new Error(`Expected npm pack to name a tarball, got ${packed}`);
  const bill: BillOfMaterials = JSON.parse(
    run("npm", "sbom", "--workspace", name, "--sbom-format", "cyclonedx", "--package-lock-only"),
  );
  const billFile = file.replace(/\.tgz$/, ".cdx.json");
  writeFileSync(join(folder, billFile), `${JSON.stringify(billOfPackage(bill, name), undefined, 2)}\n`);
  console.log(`release/${file}\nrelease/${billFile}`);
  return join(folder, file);
}

function release(isDryRun: boolean): boolean {
  const packages = readPackages(root);
  const version = rootVersion(packages);
  const notes = notesOf(readFileSync(join(root, "CHANGELOG.md"), "utf8"), version);
  const found = faults(version, notes, isDryRun);
  for (const fault of found) console.error(fault);
  if (found.length > 0) return false;

  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const published = packages.filter(({ manifest }) => manifest.private !== true);
  const tarballs = published.map(({ manifest }) => makePackage(manifest.name));
  writeFileSync(join(folder, "notes.md"), `${notes ?? `CHANGELOG.md has no entry for ${version} yet.`}\n`);
  console.log("release/notes.md");
  if (isDryRun) {
    console.log(`Dry run of version ${version}: nothing was published.`);
    return true;
  }
  // npm may ask for a one-time password.
  for (const tarball of tarballs)
    execFileSync("npm", ["publish", tarball, "--access", "public"], { cwd: root, stdio: "inherit" });
  run("git", "tag", "--annotate", `v${version}`, "--message", `Version ${version}`);
  console.log(`Published ${version}. Push the tag: git push origin v${version}`);
  return true;
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { "dry-run": { type: "boolean", default: false } } });
  if (!release(values["dry-run"])) process.exitCode = 1;
}
