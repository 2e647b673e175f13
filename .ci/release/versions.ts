import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The part of a package.json that is read. */
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

/** A version in a file. */
interface Found {
  readonly location: string;
  readonly version: string | undefined;
}

function readAll<Content>(root: string, name: string): { readonly path: string; readonly content: Content }[] {
  const paths = execFileSync("git", ["ls-files", "--", name, `*/${name}`], { cwd: root, encoding: "utf8" });
  return paths
    .split("\n")
    .filter((path) => path !== "")
    .map((path) => ({ path, content: JSON.parse(readFileSync(join(root, path), "utf8")) }));
}

/** The manifests in git, which are released together. */
export const readPackages = (root: string): Package[] =>
  readAll<Manifest>(root, "package.json").map(({ path, content }) => ({ path, manifest: content }));

/** The version of the root manifest, the expected version of all packages. */
export const rootVersion = (packages: readonly Package[]): string =>
  packages.find(({ path }) => path === "package.json")?.manifest.version ?? "";

/** A message for each manifest, lockfile and dependency between packages with another version than the root manifest. */
export function versionFaults(root: string): string[] {
  const packages = readPackages(root);
  const expected = rootVersion(packages);
  return [...packageVersions(packages), ...dependencyVersions(packages), ...lockedVersions(root, packages)]
    .filter(({ version }) => version !== expected)
    .map(({ location, version }) => `${location}: expected version ${expected}, got ${version}.`);
}

const packageVersions = (packages: readonly Package[]): Found[] =>
  packages.map(({ path, manifest }) => ({ location: path, version: manifest.version }));

function dependencyVersions(packages: readonly Package[]): Found[] {
  const names = new Set(packages.map(({ manifest }) => manifest.name));
  return packages.flatMap(({ path, manifest }) =>
    Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
      .filter(([name]) => names.has(name))
      .map(([name, version]) => ({ location: `${path}, ${name}`, version })),
  );
}

function lockedVersions(root: string, packages: readonly Package[]): Found[] {
  const folders = new Set(packages.map(({ path }) => dirname(path)));
  return readAll<Lock>(root, "package-lock.json").flatMap(({ path, content }) =>
    Object.entries(content.packages)
      .filter(([folder]) => folders.has(join(dirname(path), folder)))
      .map(([folder, { version }]) => ({ location: `${path}, "${folder}"`, version })),
  );
}
