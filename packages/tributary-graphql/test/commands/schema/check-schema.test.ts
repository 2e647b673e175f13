import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildSchema } from "graphql";
import { createGitFolder, type GitFolder } from "tributary-testing/git-folder.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { printContract } from "../../../src/commands/printed-schema.ts";
import { approveChanges, startAfresh } from "../../../src/commands/schema/approve-schema.ts";
import { checkSchema } from "../../../src/commands/schema/check-schema.ts";

const full = buildSchema("type City { name: String! population: Int! sun: String } type Query { city: City }");
const smaller = buildSchema("type City { name: String! sun: String } type Query { city: City }");
const smallest = buildSchema("type City { name: String! } type Query { city: City }");

const committed = (schema = full) => ({
  "schema/schema.graphql": printContract(schema),
  "operations/page.graphql": "query Page { city { name population } }",
});

let folder: GitFolder;
beforeEach(() => {
  folder = createGitFolder();
});
afterEach(() => folder[Symbol.dispose]());

const approvalsFile = (): string => readFileSync(join(folder.root, "schema/approved-changes.json"), "utf8");

test("the first schema breaks no client", async () => {
  folder.commit({ readme: "1" });
  folder.write(committed());
  const { passed, base } = await checkSchema(folder.root, full);
  expect({ passed, base }).toEqual({ passed: true, base: { description: "HEAD has no schema" } });
});

test("the operations still have to be valid against the first schema", async () => {
  folder.commit({ readme: "1" });
  folder.write({ ...committed(), "operations/page.graphql": "query Page { mayor }" });
  expect((await checkSchema(folder.root, full)).passed).toBe(false);
});

test("the schema is that of the code, printed or not", async () => {
  folder.commit(committed());
  folder.write({ "schema/city.ts": "edited" });
  const { passed, changes } = await checkSchema(folder.root, smaller);
  expect(passed).toBe(false);
  expect(changes.breaking).toMatchObject([{ path: "City.population", affected: ["Page (operations/page.graphql)"] }]);
});

test("a schema without a change passes", async () => {
  folder.commit(committed());
  expect((await checkSchema(folder.root, full, "HEAD")).passed).toBe(true);
});

test("a client may use @defer and @stream", async () => {
  folder.commit({ ...committed(), "operations/page.graphql": "query Page { ... @defer { city { name } } }" });
  expect((await checkSchema(folder.root, full, "HEAD")).passed).toBe(true);
});

describe("approving", () => {
  const ada = { reason: "the figure was never right", by: "Ada" };

  beforeEach(() => {
    folder.commit(committed());
    folder.write({ "operations/page.graphql": "query Page { city { name } }" });
  });

  test("lets the check pass, and writes the change, the reason and the approver to the file", async () => {
    await approveChanges(folder.root, smaller, ada);
    expect((await checkSchema(folder.root, smaller)).passed).toBe(true);
    expect(JSON.parse(approvalsFile())).toEqual({
      approved: [
        {
          type: "FIELD_REMOVED",
          path: "City.population",
          message: "Field 'population' was removed from object type 'City'",
          ...ada,
        },
      ],
    });
  });

  test("does not let a later break pass", async () => {
    await approveChanges(folder.root, smaller, ada);
    expect((await checkSchema(folder.root, smallest)).passed).toBe(false);
  });

  test("can be for one of several changes", async () => {
    const added = await approveChanges(folder.root, smallest, { ...ada, paths: ["City.sun"] });
    expect(added).toHaveLength(1);
    expect((await checkSchema(folder.root, smallest)).passed).toBe(false);
  });

  test("twice writes it once", async () => {
    await approveChanges(folder.root, smaller, ada);
    const once = approvalsFile();
    expect(await approveChanges(folder.root, smaller, ada)).toEqual([]);
    expect(approvalsFile()).toBe(once);
  });

  test("removes approvals of this branch that match no change, and keeps merged ones", async () => {
    await approveChanges(folder.root, smaller, ada);
    folder.commit({ ...committed(smaller), "operations/page.graphql": "query Page { city { name } }" });
    await approveChanges(folder.root, smallest, { ...ada, base: "HEAD" });
    await approveChanges(folder.root, smaller, { ...ada, base: "HEAD" });
    expect(approvalsFile().match(/"path"/g)).toHaveLength(1);
    expect(approvalsFile()).toContain("City.population");
  });

  test("a new schema is one entry, which approves all changes against the one before and no later ones", async () => {
    const other = buildSchema("type Album { title: String! } type Query { album: Album }");
    await startAfresh(folder.root, { ...ada, base: "HEAD" });
    folder.write({ "operations/page.graphql": "query Album { album { title } }" });
    const { passed, changes } = await checkSchema(folder.root, other, "HEAD");
    expect(passed).toBe(true);
    expect(changes.breaking.map(({ approval }) => approval?.reason)).toContain(ada.reason);
    expect(JSON.parse(approvalsFile())).toEqual({ approved: [], freshStart: { ...ada, replaced: expect.any(String) } });
    const merged = { "schema/schema.graphql": printContract(other) };
    folder.commit({ ...merged, "operations/page.graphql": "query Album { album { title } }" });
    expect((await checkSchema(folder.root, other, "HEAD")).passed).toBe(true);
    const renamed = buildSchema("type Album { name: String! } type Query { album: Album }");
    expect((await checkSchema(folder.root, renamed, "HEAD")).passed).toBe(false);
  });

  test("a new schema needs a reason, a name, and an earlier schema", async () => {
    await expect(startAfresh(folder.root, { ...ada, reason: "" })).rejects.toThrow("--reason");
    await expect(startAfresh(folder.root, { ...ada, by: " " })).rejects.toThrow("--by");
    using empty = createGitFolder();
    empty.commit({ readme: "1" });
    await expect(startAfresh(empty.root, { ...ada, base: "HEAD" })).rejects.toThrow(/the base has no schema/);
  });

  test("needs a reason and a name", async () => {
    await expect(approveChanges(folder.root, smaller, { ...ada, reason: " " })).rejects.toThrow("--reason");
    await expect(approveChanges(folder.root, smaller, { ...ada, by: "" })).rejects.toThrow("--by");
  });

  test("a path without a breaking change is refused, so that a typing error is noticed", async () => {
    await expect(approveChanges(folder.root, smaller, { ...ada, paths: ["City.popluation"] })).rejects.toThrow(
      "City.popluation",
    );
  });

  test.each(["{", '{"approved":[{"type":"FIELD_REMOVED"}]}', "[]"])(
    "the message about an invalid file names it: %s",
    async (text) => {
      folder.write({ "schema/approved-changes.json": text });
      await expect(checkSchema(folder.root, smaller)).rejects.toThrow("schema/approved-changes.json");
    },
  );

  test("after the merge the check passes on main, without a change of the file", async () => {
    await approveChanges(folder.root, smaller, ada);
    folder.commit({ "schema/schema.graphql": printContract(smaller) });
    expect((await checkSchema(folder.root, smaller)).passed).toBe(true);
    folder.commit({ readme: "1" });
    expect((await checkSchema(folder.root, smaller)).passed).toBe(true);
  });
});
