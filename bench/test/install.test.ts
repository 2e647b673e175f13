import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { isInstalled } from "../install.ts";

const bench = fileURLToPath(new URL("../", import.meta.url));
const manifest = JSON.parse(readFileSync(`${bench}package.json`, "utf8"));
const lockfile: { packages: Record<string, { version: string; integrity?: string; hasInstallScript?: boolean }> } =
  JSON.parse(readFileSync(`${bench}package-lock.json`, "utf8"));

describe("the peers' packages", () => {
  const direct: Record<string, string> = { ...manifest.dependencies, ...manifest.optionalDependencies };

  test("are pinned, and the lockfile has those versions", () => {
    for (const [name, version] of Object.entries(direct)) {
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
      expect(lockfile.packages[`node_modules/${name}`]?.version, name).toBe(version);
    }
  });

  test("run nothing when they are installed", () => {
    expect(readFileSync(`${bench}.npmrc`, "utf8")).toContain("ignore-scripts=true");
  });

  test("are the versions that the gateway runs on, where both have one", () => {
    const root = JSON.parse(readFileSync(`${bench}../package.json`, "utf8"));
    const shared = Object.keys(direct).filter((name) => name in root.dependencies && name !== "graphql");
    expect(shared.length).toBeGreaterThan(2);
    for (const name of shared) expect(direct[name], name).toBe(root.dependencies[name]);
  });
});

describe("they are installed", () => {
  const wanted = {
    packages: {
      "": { version: "0.1.0" },
      "node_modules/a": { version: "1.0.0" },
      "node_modules/elsewhere": { version: "1.0.0", optional: true },
    },
  };

  test.each([
    ["not without node_modules", undefined, false],
    ["not in another version", { packages: { "node_modules/a": { version: "2.0.0" } } }, false],
    ["without those of other machines", { packages: { "node_modules/a": { version: "1.0.0" } } }, true],
  ])("%s", (_title, installed, expected) => {
    expect(isInstalled(wanted, installed)).toBe(expected);
  });
});
