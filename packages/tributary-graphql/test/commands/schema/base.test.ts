import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGitFolder, type GitFolder } from "tributary-testing/git-folder.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { chooseBase } from "../../../src/commands/schema/base.ts";

const schemaPath = "schema/schema.graphql";

let folder: GitFolder;
beforeEach(() => {
  folder = createGitFolder();
});
afterEach(() => folder[Symbol.dispose]());

describe("the schema is compared with", () => {
  test("the given ref", async () => {
    const first = folder.commit({ a: "1" });
    folder.commit({ a: "2" });
    expect(await chooseBase(folder.root, "HEAD^1")).toMatchObject({ commit: first, description: "HEAD^1" });
  });

  test("on a branch: its merge base with main, whatever main has since", async () => {
    const fork = folder.commit({ a: "1" });
    folder.git("checkout", "--quiet", "-b", "feature");
    folder.commit({ b: "1" });
    folder.git("checkout", "--quiet", "main");
    folder.commit({ a: "2" });
    folder.git("checkout", "--quiet", "feature");
    expect(await chooseBase(folder.root)).toMatchObject({ commit: fork });
  });

  test("on a branch with a remote: the remote's main, not a stale local one", async () => {
    folder.commit({ a: "1" });
    folder.git("checkout", "--quiet", "-b", "feature");
    const pushed = folder.commit({ a: "2" });
    folder.git("update-ref", "refs/remotes/origin/main", pushed);
    folder.commit({ a: "3" });
    expect(await chooseBase(folder.root)).toMatchObject({ commit: pushed });
  });

  test("on main with commits that are not pushed: the last pushed commit", async () => {
    const pushed = folder.commit({ a: "1" });
    folder.git("update-ref", "refs/remotes/origin/main", pushed);
    folder.commit({ a: "2" });
    expect(await chooseBase(folder.root)).toMatchObject({ commit: pushed });
  });

  test("on main with uncommitted changes: the last commit", async () => {
    folder.commit({ [schemaPath]: "1" });
    const head = folder.commit({ [schemaPath]: "2" });
    folder.write({ "schema/city.ts": "new" });
    expect(await chooseBase(folder.root)).toMatchObject({ commit: head });
  });

  test("on a clean main: the commit before the last change of the schema, however old", async () => {
    const before = folder.commit({ [schemaPath]: "1" });
    folder.commit({ [schemaPath]: "2" });
    folder.commit({ readme: "1" });
    expect(await chooseBase(folder.root)).toMatchObject({ commit: before });
  });

  test("on a clean main after a merge: main before the merge", async () => {
    const before = folder.commit({ [schemaPath]: "1" });
    folder.git("checkout", "--quiet", "-b", "feature");
    folder.commit({ [schemaPath]: "2" });
    folder.commit({ [schemaPath]: "3" });
    folder.git("checkout", "--quiet", "main");
    folder.git("merge", "--quiet", "--no-ff", "--no-edit", "feature");
    expect(await chooseBase(folder.root)).toMatchObject({ commit: before });
  });
});

describe("there is nothing to compare with", () => {
  test("before the first commit", async () => {
    expect((await chooseBase(folder.root)).commit).toBeUndefined();
  });

  test("when the first commit has added the schema", async () => {
    folder.commit({ [schemaPath]: "1" });
    expect((await chooseBase(folder.root)).commit).toBeUndefined();
  });
});

test("a ref of zeros, as for a new branch, is ignored", async () => {
  const pushed = folder.commit({ a: "1" });
  folder.git("update-ref", "refs/remotes/origin/main", pushed);
  folder.commit({ a: "2" });
  expect(await chooseBase(folder.root, "0".repeat(40))).toMatchObject({ commit: pushed });
});

test("a ref that is not a commit is an error, so that a typing error is noticed", async () => {
  folder.commit({ a: "1" });
  await expect(chooseBase(folder.root, "origin/mian")).rejects.toThrow('"origin/mian" is not a commit');
});

test("outside a git repository the comparison fails with one line", async () => {
  const plain = mkdtempSync(join(tmpdir(), "tributary-plain-"));
  try {
    await expect(chooseBase(plain)).rejects.toThrow(/earlier commit/);
  } finally {
    rmSync(plain, { recursive: true });
  }
});
