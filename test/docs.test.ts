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

/** Base folders of the paths in a page, as the page says. */
const baseFolders: Readonly<Record<string, readonly string[]>> = {
  "docs/request-pipeline.md": ["packages/tributary-graphql/src/gateway"],
  "docs/decisions/017-execution-breadth-first-by-plans.md": [
    "packages/tributary-graphql/src/gateway/execution/breadth-first",
  ],
};

describe.each([...documents])("%s", (document) => {
  const text = existsSync(join(root, document)) ? readFileSync(join(root, document), "utf8") : "";

  test("exists", () => {
    expect(text).not.toBe("");
  });

  test("names only files and folders that exist", () => {
    const folders = ["", dirname(document), ...(baseFolders[document] ?? [])];
    const exists = (path: string): boolean => folders.some((folder) => existsSync(join(root, folder, path)));
    expect(namedPaths(text).filter((path) => !exists(path))).toEqual([]);
  });

  test("links only to headings that exist", () => {
    const exists = ({ path, anchor }: AnchorLink): boolean => {
      const target = path === "" ? join(root, document) : join(root, dirname(document), path);
      return existsSync(target) && headingAnchors(readFileSync(target, "utf8")).includes(anchor);
    };
    expect(anchorLinks(text).filter((link) => !exists(link))).toEqual([]);
  });

  test("names only npm scripts that exist", () => {
    expect(namedScripts(text).filter((script) => !(script in manifest.scripts))).toEqual([]);
  });
});

test("README.md has enough paths and scripts for the checks above", () => {
  const text = readFileSync(join(root, "README.md"), "utf8");
  expect(namedPaths(text).length).toBeGreaterThan(5);
  expect(namedScripts(text)).toContain("start");
});

describe("namedPaths finds a path", () => {
  test.each([
    ["in a relative link", "see [the guide](docs/guide.md#part)", ["docs/guide.md"]],
    ["in an image", "![a picture](docs/picture.svg)", ["docs/picture.svg"]],
    ["in backticks, with a trailing slash", "the folder `schema/` holds", ["schema/"]],
    [
      "in backticks, with a known file extension",
      "open `start.ts` and `datasources/city.ts`",
      ["start.ts", "datasources/city.ts"],
    ],
    ["but not in an external link", "[a](https://example.org/a.md) [b](#part) [c](mailto:a@b.c)", []],
    [
      "but not in other inline code",
      "`text/html`, `/graphql`, `npm run check`, `City.name`, `a/{b}.ts`, `schema/*.ts`",
      [],
    ],
    ["but not in a code block", "```ts\nimport `a.ts`\n```", []],
    ["but not of a file that is created at run time", "`.data/atlas.sqlite`", []],
  ])("%s", (_where, text, paths) => {
    expect(namedPaths(text)).toEqual(paths);
  });
});

test("anchorLinks finds links to headings in the same file and in other files", () => {
  const text = "[a](docs/a.md#part) [b](#other) [c](https://example.org/#c) [d](d.md)\n```md\n[f](#f)\n```";
  expect(anchorLinks(text)).toEqual([
    { path: "docs/a.md", anchor: "part" },
    { path: "", anchor: "other" },
  ]);
});

test("headingAnchors returns the anchors that GitHub generates", () => {
  const text =
    "# In a `node:http` server\n## Posts, 64 texts\n```sh\n# none\n```\n## [Linked](a.md)\n## Posts, 64 texts\n";
  expect(headingAnchors(text)).toEqual(["in-a-nodehttp-server", "posts-64-texts", "linked", "posts-64-texts-1"]);
});

test("namedScripts finds scripts in text and in code blocks, including `npm start` and `npm test`", () => {
  const text = "`npm run check:schema -- --base x`\n```sh\nnpm ci && npm start\nnpm run dev\n```\n`npm test`";
  expect(namedScripts(text)).toEqual(["check:schema", "start", "dev", "test"]);
});
