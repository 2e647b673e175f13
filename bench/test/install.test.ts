import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const bench = fileURLToPath(new URL("../", import.meta.url));
const manifest = JSON.parse(readFileSync(`${bench}package.json`, "utf8"));
const lockfile: { packages: Record<string, { version: string; integrity?: string; hasInstallScript?: boolean }> } =
  JSON.parse(readFileSync(`${bench}package-lock.json`, "utf8"));

describe("the peers' packages", () => {
  const direct: Record<string, string> = { ...manifest.dependencies, ...manifest.optionalDependencies };

  test("are pinned, and the lockfile has these versions", () => {
    for (const [name, version] of Object.entries(direct)) {
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
      expect(lockfile.packages[`node_modules/${name}`]?.version, name).toBe(version);
    }
  });

  test("run no scripts at installation", () => {
    expect(readFileSync(`${bench}.npmrc`, "utf8")).toContain("ignore-scripts=true");
  });

  test("have the same versions as the packages of the gateway, if both use them", () => {
    const dependenciesOf = (folder: string): Record<string, string> =>
      JSON.parse(readFileSync(`${bench}../${folder}package.json`, "utf8")).dependencies;
    const ours = { ...dependenciesOf(""), ...dependenciesOf("packages/tributary-graphql/") };
    const shared = Object.keys(direct).filter((name) => name in ours && name !== "graphql");
    expect(shared.length).toBeGreaterThan(2);
    for (const name of shared) expect(direct[name], name).toBe(ours[name]);
  });
});
