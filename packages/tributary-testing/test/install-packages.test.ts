import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { areInstalled, installPackages, isInstalled } from "../src/install-packages.ts";

describe("whether packages are installed:", () => {
  const wanted = {
    packages: {
      "": { version: "0.1.0" },
      "node_modules/a": { version: "1.0.0" },
      "node_modules/elsewhere": { version: "1.0.0", optional: true },
    },
  };

  test.each([
    ["no, without node_modules", undefined, false],
    ["no, with another version", { packages: { "node_modules/a": { version: "2.0.0" } } }, false],
    ["yes, without packages of other platforms", { packages: { "node_modules/a": { version: "1.0.0" } } }, true],
  ])("%s", (_title, installed, expected) => {
    expect(isInstalled(wanted, installed)).toBe(expected);
  });
});

describe("a folder with a manifest of its own", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "tributary-install-"));
    vi.spyOn(console, "log").mockReturnValue(undefined);
  });
  afterEach(() => rm(folder, { recursive: true }));

  const lock = (version: string) =>
    writeFile(join(folder, "package-lock.json"), JSON.stringify({ packages: { "node_modules/a": { version } } }));

  /** Replaces npm by a script, which runs in the folder of the installation. */
  async function useNpm(script: string): Promise<void> {
    for (const file of ["package.json", ".npmrc"]) await writeFile(join(folder, file), "{}");
    const path = join(folder, "npm.cjs");
    await writeFile(path, script);
    vi.stubEnv("npm_execpath", path);
  }

  const installing = `
    const fs = require("node:fs");
    fs.appendFileSync(__dirname + "/runs", "run ");
    fs.mkdirSync("node_modules");
    fs.copyFileSync("package-lock.json", "node_modules/.package-lock.json");`;
  const runs = async () => (await readFile(join(folder, "runs"), "utf8")).trim().split(" ").length;
  const leftOver = async () => (await readdir(folder)).filter((name) => name.startsWith(".installing-"));

  test("gets the packages of its lockfile, and installs them once", async () => {
    await useNpm(installing);
    await lock("1.0.0");
    expect(await areInstalled(folder)).toBe(false);
    await installPackages(folder);
    expect(await areInstalled(folder)).toBe(true);
    await installPackages(folder);
    expect([await runs(), await leftOver()]).toEqual([1, []]);
  });

  test("gets new packages when the lockfile changes", async () => {
    await useNpm(installing);
    await lock("1.0.0");
    await installPackages(folder);
    await lock("2.0.0");
    expect(await areInstalled(folder)).toBe(false);
    await installPackages(folder);
    expect([await areInstalled(folder), await runs(), await leftOver()]).toEqual([true, 2, []]);
  });

  test("gets its packages when several processes install them at once", async () => {
    await useNpm(installing);
    await lock("1.0.0");
    await Promise.all([installPackages(folder), installPackages(folder), installPackages(folder)]);
    expect([await areInstalled(folder), await leftOver()]).toEqual([true, []]);
  });

  test("is unchanged when npm fails, and the error has npm's message", async () => {
    await useNpm(installing);
    await lock("1.0.0");
    await installPackages(folder);
    await useNpm(`
      require("node:fs").mkdirSync("node_modules");
      const lines = ["code ENOTFOUND", "no such host", "    at npm.js", "A complete log of this run: /x.log"];
      for (const line of lines) console.error("npm error " + line);
      process.exit(1);`);
    await lock("2.0.0");
    await expect(installPackages(folder)).rejects.toThrow(/^npm ci exited with code 1: code ENOTFOUND; no such host$/);
    expect(existsSync(join(folder, "node_modules/.package-lock.json"))).toBe(true);
    expect(await leftOver()).toEqual([]);
  });
});
