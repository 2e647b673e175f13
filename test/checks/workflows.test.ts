import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(root, ".github/workflows");
const names = readdirSync(folder);
const manifest: { scripts: Record<string, string> } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const textOf = (name: string): string => readFileSync(join(folder, name), "utf8");
const matchesIn = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map((match) => match[1] ?? "");

describe.each(names)("the workflow %s", (name) => {
  test("pins every action to a commit", () => {
    const actions = matchesIn(textOf(name), /uses: (\S+)/g);
    expect(actions.length).toBeGreaterThan(0);
    for (const action of actions) expect(action).toMatch(/@[0-9a-f]{40}$/);
  });

  test("declares the permissions of its token", () => {
    expect(textOf(name)).toMatch(/^permissions:/m);
  });

  test("does not insert text of a pull request into a script", () => {
    const expressions = matchesIn(textOf(name), /\$\{\{([^}]*)\}\}/g);
    for (const expression of expressions)
      expect(expression).not.toMatch(/title|body|head_ref|\.ref\b.*head|head_branch/);
  });

  test("calls scripts that exist", () => {
    for (const script of matchesIn(textOf(name), /npm run ([\w:-]+)/g))
      expect(Object.keys(manifest.scripts)).toContain(script);
  });
});

test("CI runs every check as a step of its own", () => {
  const checks = Object.keys(manifest.scripts).filter((name) => name.startsWith("check:"));
  expect(matchesIn(textOf("ci.yml"), /run: npm run (check:[\w-]+)/g).sort()).toEqual(checks.sort());
});
