import { buildSchema } from "graphql";
import { describe, expect, test } from "vitest";
import { type Approval, fingerprintOf } from "../../../src/commands/schema/approvals.ts";
import type { Contract } from "../../../src/commands/schema/contract.ts";
import { compareContracts, unapprovedChanges } from "../../../src/commands/schema/schema-changes.ts";

const sdl = `
  enum Order { NAME SIZE }
  input Filter { name: String inner: Filter }
  interface Place { name: String }
  type City implements Place { name: String! population: Int! order: Order }
  type Sun { noon: String! height: Int }
  union Found = City | Sun
  type Query { city(id: ID!, filter: Filter): City place: Place search: [Found!]! }
`;

const operation = (name: string, body: string) => ({ path: `operations/${name}.graphql`, text: body });

const contract = (text: string, rest: Partial<Contract> = {}): Contract => ({
  schema: buildSchema(text),
  operations: [],
  approvals: [],
  freshStart: undefined,
  fingerprint: fingerprintOf(text),
  ...rest,
});

/** The operations that the breaking changes affect when `old` in the schema becomes `changed`, with `query` as the client. */
async function affectedBy(old: string, changed: string, query: string): Promise<string[]> {
  expect(sdl).toContain(old);
  const operations = [operation("page", query)];
  const { breaking } = await compareContracts(contract(sdl, { operations }), contract(sdl.replace(old, changed)));
  expect(breaking.length).toBeGreaterThan(0);
  return breaking.flatMap(({ affected }) => affected);
}

describe("a breaking change names the operations that it affects", () => {
  test.each([
    ["a removed field", " population: Int!", "", "query Page { city(id: 1) { population } }"],
    [
      "a field that may now be null",
      "population: Int!",
      "population: Int",
      "query Page { city(id: 1) { population } }",
    ],
    [
      "a field of a fragment",
      " population: Int!",
      "",
      "query Page { city(id: 1) { ...A } } fragment A on City { ...B } fragment B on City { population }",
    ],
    [
      "a field behind an interface",
      "name: String! population",
      "name: String population",
      "query Page { place { name } }",
    ],
    [
      "a new required argument",
      "filter: Filter): City",
      "filter: Filter, at: String!): City",
      "query Page { city(id: 1) { name } }",
    ],
    ["a removed argument", ", filter: Filter)", ")", "query Page { city(id: 1, filter: {}) { name } }"],
    [
      "a new required input field",
      "inner: Filter",
      "inner: Filter must: Int!",
      "query Page($f: Filter) { city(id: 1, filter: $f) { name } }",
    ],
    [
      "a removed input field that a variable can hold",
      "name: String inner",
      "inner",
      "query Page($f: Filter) { city(id: 1, filter: $f) { name } }",
    ],
    ["a removed enum value that a field can give", "SIZE", "", "query Page { city(id: 1) { order } }"],
    ["a type that left a union", "City | Sun", "City", "query Page { search { __typename } }"],
    [
      "a removed type",
      "type Sun { noon: String! height: Int }\n  union Found = City | Sun",
      "union Found = City",
      "query Page { search { ... on Sun { noon } } }",
    ],
  ])("%s", async (_what, old, changed, query) => {
    expect(await affectedBy(old, changed, query)).toContain("Page (operations/page.graphql)");
  });

  test("and not those that do not use the changed part", async () => {
    expect(await affectedBy(" population: Int!", "", "query Page { city(id: 1) { name } }")).toEqual([]);
  });
});

test("an operation that becomes invalid by a safe change is a breaking change", async () => {
  const query = "query Page { search { ... on City { size } ... on Sun { size: height } } }";
  const before = sdl.replace("order: Order", "size: Int");
  const operations = [operation("page", query)];
  const here = contract(before.replace("size: Int", "size: Int!"));
  const { breaking } = await compareContracts(contract(before, { operations }), here);
  expect(breaking).toMatchObject([{ type: "OPERATION_REFUSED", path: "operations/page.graphql" }]);
});

test("an operation that was invalid before is not a breaking change", async () => {
  const operations = [operation("page", "query Page { mayor }")];
  const { breaking } = await compareContracts(contract(sdl, { operations }), contract(sdl));
  expect(breaking).toEqual([]);
});

test("the clients are those of the base: an operation that drops the removed field hides nothing", async () => {
  const base = contract(sdl, { operations: [operation("page", "query Page { city(id: 1) { population } }")] });
  const here = contract(sdl.replace(" population: Int!", ""), {
    operations: [operation("page", "query Page { city(id: 1) { name } }")],
  });
  const changes = await compareContracts(base, here);
  expect(unapprovedChanges(changes)).toMatchObject([{ affected: ["Page (operations/page.graphql)"] }]);
  expect(changes.rejected).toEqual([]);
});

test("an invalid operation in the work tree is reported with its line, and cannot be approved", async () => {
  const here = contract(sdl, { operations: [operation("new", "query New {\n  city(id: 1) { mayor }\n}")] });
  const { rejected } = await compareContracts(contract(sdl), here);
  expect(rejected).toEqual([
    { path: "operations/new.graphql", message: 'Cannot query field "mayor" on type "City". (line 2)' },
  ]);
});

test("an operation without a name is refused, because logs and reports identify operations by name", async () => {
  const here = contract(sdl, { operations: [operation("new", "{ place { name } }")] });
  expect((await compareContracts(contract(sdl), here)).rejected).toHaveLength(1);
});

test("additions are safe, and a new enum value is dangerous", async () => {
  const changed = sdl.replace("NAME SIZE", "NAME SIZE AGE").replace("noon: String!", "noon: String! dusk: String");
  const { breaking, dangerous, safe } = await compareContracts(contract(sdl), contract(changed));
  expect({ breaking, dangerous: dangerous.length, safe: safe.length }).toEqual({ breaking: [], dangerous: 1, safe: 1 });
});

describe("an approval", () => {
  const without = sdl.replace(" population: Int!", "");
  const approval: Approval = {
    type: "FIELD_REMOVED",
    path: "City.population",
    message: "Field 'population' was removed from object type 'City'",
    reason: "nobody asks",
    by: "Ada",
  };

  test("approves the change that it names", async () => {
    const changes = await compareContracts(contract(sdl), contract(without, { approvals: [approval] }));
    expect(unapprovedChanges(changes)).toEqual([]);
    expect(changes.breaking).toMatchObject([{ approval: { by: "Ada", reason: "nobody asks" } }]);
  });

  test("approves no other change of the same type at the same path", async () => {
    const message = "Field 'City.population' changed type from 'Int!' to 'Int'";
    const toInt: Approval = { ...approval, type: "FIELD_TYPE_CHANGED", message };
    const toNullable = contract(sdl.replace("population: Int!", "population: Int"), { approvals: [toInt] });
    expect(unapprovedChanges(await compareContracts(contract(sdl), toNullable))).toEqual([]);
    const toFloat = contract(sdl.replace("population: Int!", "population: Float"), { approvals: [toInt] });
    const changes = await compareContracts(contract(sdl), toFloat);
    expect(unapprovedChanges(changes)).toHaveLength(1);
    expect(changes.idleApprovals).toEqual([toInt]);
  });

  test("has no effect after the merge", async () => {
    const merged = contract(without, { approvals: [approval] });
    const changes = await compareContracts(merged, merged);
    expect(changes).toMatchObject({ breaking: [], idleApprovals: [] });
  });

  test("does not approve the same change again after the merge", async () => {
    const approvals = [approval];
    const changes = await compareContracts(contract(sdl, { approvals }), contract(without, { approvals }));
    expect(unapprovedChanges(changes)).toHaveLength(1);
  });
});
