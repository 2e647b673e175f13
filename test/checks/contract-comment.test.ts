import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const workflow = readFileSync(
  fileURLToPath(new URL("../../.github/workflows/contract-comment.yml", import.meta.url)),
  "utf8",
);

/** The script of the last step of the workflow. GitHub executes it as the body of an async function. */
const script = (workflow.split("script: |\n")[1] ?? "").replace(/^ {12}/gm, "");

interface Comment {
  readonly id: number;
  readonly user: { readonly login: string };
  body: string;
}

/** The API that the script uses, with one open pull request and its comments. */
function fakeGitHub(comments: Comment[]) {
  const write = async ({ comment_id, body }: { comment_id?: number; body: string }) => {
    const existing = comments.find(({ id }) => id === comment_id);
    if (existing) existing.body = body;
    else comments.push({ id: comments.length + 1, user: bot, body });
  };
  const pulls = { list: async () => ({ data: [{ number: 7, head: { sha: "abc" } }] }) };
  const issues = { listComments: "list", createComment: write, updateComment: write };
  return { rest: { pulls, issues }, paginate: async () => comments };
}

const bot = { login: "github-actions[bot]" };
const run = { head_repository: { owner: { login: "ada" } }, head_branch: "weather", head_sha: "abc" };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tributary-comment-"));
  mkdirSync(join(folder, "contract-changes"));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function comment(reports: Readonly<Record<string, string>>, comments: Comment[] = []): Promise<Comment[]> {
  for (const [name, text] of Object.entries(reports)) writeFileSync(join(folder, "contract-changes", name), text);
  const execute = new Function(
    ...["require", "process", "github", "context"],
    `return (async () => {${script}\n})();`,
  ) as (...scope: unknown[]) => Promise<void>;
  const context = { repo: { owner: "o", repo: "r" }, payload: { workflow_run: run } };
  const process = { env: { RUNNER_TEMP: folder } };
  await execute(createRequire(import.meta.url), process, fakeGitHub(comments), context);
  return comments;
}

const both = { "schema.md": "### Schema\n\nno change", "calls.md": "### Calls\n\nCountryPage: 3 calls" };

test("a pull request gets one comment with a section for the schema and one for the calls", async () => {
  const comments = await comment(both);
  expect(comments.map(({ body }) => body)).toEqual([
    "<!-- tributary-contract-changes -->\n\n### Schema\n\nno change\n\n### Calls\n\nCountryPage: 3 calls",
  ]);
});

test("the next run replaces the comment, and does not change comments of others", async () => {
  const others = { id: 9, user: { login: "ada" }, body: "<!-- tributary-contract-changes --> mine" };
  const comments = await comment({ ...both, "calls.md": "### Calls\n\nnone" }, await comment(both, [others]));
  expect(comments).toHaveLength(2);
  expect(comments[0]?.body).toBe(others.body);
  expect(comments[1]?.body).toContain("### Calls\n\nnone");
});

test("with one missing report the comment has the other one, and without reports there is no comment", async () => {
  const [only] = await comment({ "calls.md": "### Calls" });
  expect(only?.body).toBe("<!-- tributary-contract-changes -->\n\n### Calls");
  rmSync(join(folder, "contract-changes/calls.md"));
  expect(await comment({})).toEqual([]);
});

test("a report mentions no user, and is truncated to the maximum length of a comment", async () => {
  const [written] = await comment({ "schema.md": "@everyone", "calls.md": "x".repeat(100_000) });
  expect(written?.body).not.toContain("@everyone");
  expect(written?.body.length).toBeLessThan(65_536);
});

test("CI writes the reports to the files that the workflow reads", () => {
  const ci = readFileSync(fileURLToPath(new URL("../../.github/workflows/ci.yml", import.meta.url)), "utf8");
  for (const name of ["schema.md", "calls.md"]) {
    expect(ci).toContain(`--markdown "$RUNNER_TEMP/contract-changes/${name}"`);
    expect(script).toContain(`"${name}"`);
  }
});
