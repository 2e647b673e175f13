import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type AnchorLink, anchorLinks, headingAnchors, namedPaths, namedScripts } from "tributary-testing/markdown.ts";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const manifest: { scripts: Record<string, string> } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

const documents = new Set([
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  ...globSync(["docs/**/*.md", "packages/*/README.md"], { cwd: root }),
]);

/** Folders that a page says its paths are relative to. */
const baseFolders: Readonly<Record<string, readonly string[]>> = {
  "docs/request-pipeline.md": ["packages/tributary-graphql/src/gateway"],
  "docs/decisions/017-execution-breadth-first-by-plans.md": [
    "packages/tributary-graphql/src/gateway/execution/breadth-first",
  ],
};

describe.each([...documents])("%s", (document) => {
  const text = existsSync(join(root, document)) ? readFileSync(join(root, document), "utf8") : "";

  test("is there", () => {
    expect(text).not.toBe("");
  });

  test("names only files and folders that exist", () => {
    const folders = ["", dirname(document), ...(baseFolders[document] ?? [])];
    const isThere = (path: string): boolean => folders.some((folder) => existsSync(join(root, folder, path)));
    expect(namedPaths(text).filter((path) => !isThere(path))).toEqual([]);
  });

  test("links only to headings that exist", () => {
    const isThere = ({ path, anchor }: AnchorLink): boolean => {
      const target = path === "" ? join(root, document) : join(root, dirname(document), path);
      return existsSync(target) && headingAnchors(readFileSync(target, "utf8")).includes(anchor);
    };
    expect(anchorLinks(text).filter((link) => !isThere(link))).toEqual([]);
  });

  test("names only npm scripts that exist", () => {
    expect(namedScripts(text).filter((script) => !(script in manifest.scripts))).toEqual([]);
  });
});

test("README.md names enough for the checks above to mean something", () => {
  const text = readFileSync(join(root, "README.md"), "utf8");
  expect(namedPaths(text).length).toBeGreaterThan(5);
  expect(namedScripts(text)).toContain("start");
});

describe("a path is found", () => {
  test.each([
    ["in a relative link", "see [the guide](docs/guide.md#part)", ["docs/guide.md"]],
    ["in a picture", "![a picture](docs/picture.svg)", ["docs/picture.svg"]],
    ["in backticks, with a slash at its end", "the folder `schema/` holds", ["schema/"]],
    [
      "in backticks, with a known ending",
      "open `start.ts` and `datasources/city.ts`",
      ["start.ts", "datasources/city.ts"],
    ],
    ["but not in a link elsewhere", "[a](https://example.org/a.md) [b](#part) [c](mailto:a@b.c)", []],
    ["but not in other code", "`text/html`, `/graphql`, `npm run check`, `City.name`, `a/{b}.ts`, `schema/*.ts`", []],
    ["but not in a block of code", "```ts\nimport `a.ts`\n```", []],
    ["but not when it only comes to be", "`.data/atlas.sqlite`", []],
  ])("%s", (_where, text, paths) => {
    expect(namedPaths(text)).toEqual(paths);
  });
});

test("a link to a heading is found, in this text or another", () => {
  const text = "[a](docs/a.md#part) [b](#other) [c](https://example.org/#c) [d](d.md)\n```md\n[f](#f)\n```";
  expect(anchorLinks(text)).toEqual([
    { path: "docs/a.md", anchor: "part" },
    { path: "", anchor: "other" },
  ]);
});

test("a heading has the anchor that GitHub makes of it", () => {
  const text =
    "# In a `node:http` server\n## Posts, 64 texts\n```sh\n# none\n```\n## [Linked](a.md)\n## Posts, 64 texts\n";
  expect(headingAnchors(text)).toEqual(["in-a-nodehttp-server", "posts-64-texts", "linked", "posts-64-texts-1"]);
});

test("scripts are found in text and in blocks of code, `npm start` and `npm test` among them", () => {
  const text = "`npm run check:schema -- --base x`\n```sh\nnpm ci && npm start\nnpm run dev\n```\n`npm test`";
  expect(namedScripts(text)).toEqual(["check:schema", "start", "dev", "test"]);
});
