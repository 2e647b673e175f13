import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What is read of a package.json here. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** A manifest of the repository. */
export interface Package {
  /** Relative to the root, `packages/tributary-graphql/package.json`. */
  readonly path: string;
  readonly manifest: Manifest;
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string }>>;
}

/** A place where a version stands. */
interface Found {
  readonly place: string;
  readonly version: string | undefined;
}

function readAll<Content>(root: string, name: string): { readonly path: string; readonly content: Content }[] {
  const paths = execFileSync("git", ["ls-files", "--", name, `*/${name}`], { cwd: root, encoding: "utf8" });
  return paths
    .split("\n")
    .filter((path) => path !== "")
    .map((path) => ({ path, content: JSON.parse(readFileSync(join(root, path), "utf8")) }));
}

/** The manifests that git has. They are released together. */
export const readPackages = (root: string): Package[] =>
  readAll<Manifest>(root, "package.json").map(({ path, content }) => ({ path, manifest: content }));

/** The version of the root's manifest, which is everybody's. */
export const rootVersion = (packages: readonly Package[]): string =>
  packages.find(({ path }) => path === "package.json")?.manifest.version ?? "";

/** Where a version is another than the root's: in a manifest, in a lockfile, in what a package needs of another one. */
export function versionFaults(root: string): string[] {
  const packages = readPackages(root);
  const expected = rootVersion(packages);
  return [...ownVersions(packages), ...neededVersions(packages), ...lockedVersions(root, packages)]
    .filter(({ version }) => version !== expected)
    .map(({ place, version }) => `${place}: expected version ${expected}, got ${version}.`);
}

const ownVersions = (packages: readonly Package[]): Found[] =>
  packages.map(({ path, manifest }) => ({ place: path, version: manifest.version }));

function neededVersions(packages: readonly Package[]): Found[] {
  const names = new Set(packages.map(({ manifest }) => manifest.name));
  return packages.flatMap(({ path, manifest }) =>
    Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
      .filter(([name]) => names.has(name))
      .map(([name, version]) => ({ place: `${path}, ${name}`, version })),
  );
}

function lockedVersions(root: string, packages: readonly Package[]): Found[] {
  const folders = new Set(packages.map(({ path }) => dirname(path)));
  return readAll<Lock>(root, "package-lock.json").flatMap(({ path, content }) =>
    Object.entries(content.packages)
      .filter(([folder]) => folders.has(join(dirname(path), folder)))
      .map(([folder, { version }]) => ({ place: `${path}, "${folder}"`, version })),
  );
}
