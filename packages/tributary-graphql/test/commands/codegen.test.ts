import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import {
  buildSchema,
  type DocumentNode,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLSchema,
  isScalarType,
} from "graphql";
import { createGitFolder } from "tributary-testing/git-folder.ts";
import { describe, expect, test } from "vitest";
import { parseRecord } from "../../src/commands/calls/record.ts";
import { findStaleFiles, generateFiles, writeStaleFiles } from "../../src/commands/codegen/generated-files.ts";
import { readOperationFiles } from "../../src/commands/operations.ts";
import { printContract } from "../../src/commands/printed-schema.ts";

const schema = withJsonTypes(
  buildSchema(`
  "A day, 2026-06-21."
  scalar Date
  scalar DateTime
  enum Order { NAME SIZE }
  input Filter { name: String since: Date order: Order = NAME }
  type Sun { noon: DateTime! }
  "A populated place."
  type City { id: ID! population: Int name(order: Order): String! order: Order! sun(date: Date): Sun }
  type Query { cities(where: Filter): [City!]! city(id: ID!): City }
  type Mutation { rename(id: ID!, name: String!): City }
  type Subscription { renamed(id: ID!): City }
`),
);

/** Sets the extension that scalars in code have. */
function withJsonTypes(from: GraphQLSchema): GraphQLSchema {
  for (const name of ["Date", "DateTime"]) {
    const scalar = from.getType(name);
    if (isScalarType(scalar)) scalar.extensions = { codegenScalarType: "string" };
  }
  return from;
}

const page = {
  path: "operations/page.graphql",
  text: "query Page($id: ID!) { city(id: $id) { ...Line order ... @defer { sun { noon } } } }",
};
const line = { path: "operations/line.graphql", text: "fragment Line on City { id population }" };
const list = {
  path: "operations/list.graphql",
  text: "query List($where: Filter) { cities(where: $where) { ...Line } }",
};

async function operationTypes(): Promise<string> {
  const files = await generateFiles(schema, [line, list, page]);
  return files.find(({ path }) => path === "operations/operations.generated.ts")?.text ?? "";
}

describe("the printed schema", () => {
  test("keeps the descriptions", () => {
    expect(printContract(schema)).toContain('"""A populated place."""\ntype City');
  });

  test("does not depend on the order of types and fields in the code", () => {
    const one = buildSchema("type A { b: Int c: Int } type Query { a: A d: Int }");
    const other = buildSchema("type Query { d: Int a: A } type A { c: Int b: Int }");
    expect(printContract(one)).toBe(printContract(other));
  });

  test("declares @defer and @stream, which clients' tools need, once", () => {
    const printed = printContract(schema);
    expect(printContract(buildSchema(printed))).toBe(printed);
    expect(printed.match(/directive @(defer|stream)\(/g)).toEqual(["directive @defer(", "directive @stream("]);
  });
});

describe("the typed operations", () => {
  test("run after type stripping, and contain each operation with its fragments", async () => {
    const code = stripTypeScriptTypes(await operationTypes());
    const module: Record<string, DocumentNode> = await import(`data:text/javascript,${encodeURIComponent(code)}`);
    expect(Object.keys(module).sort()).toEqual(["LineFragmentDoc", "ListDocument", "PageDocument"]);
    expect(module.PageDocument?.definitions).toHaveLength(2);
  });

  test("give an enum as a union of strings, and dates as strings", async () => {
    const text = await operationTypes();
    expect(text).toMatch(/export type Order =\s+\| 'NAME'\s+\| 'SIZE';/);
    expect(text).toContain("readonly noon: string");
    expect(text).toContain("readonly since?: string | null");
  });

  test("make a deferred part optional, because it arrives later", async () => {
    expect(await operationTypes()).toContain("readonly sun?: never");
  });

  test("do not use `any`", async () => {
    expect(await operationTypes()).not.toMatch(/\bany\b/);
  });

  test("refuse a scalar without a TypeScript type", async () => {
    const withMoney = buildSchema("scalar Money type Query { price: Money }");
    const query = { path: "operations/price.graphql", text: "query Price { price }" };
    await expect(generateFiles(withMoney, [query])).rejects.toThrow(
      'The scalar Money has no TypeScript type: add extensions: { codegenScalarType: "string" } to its definition.',
    );
  });

  test("take the type of a scalar from its definition", async () => {
    const Money = new GraphQLScalarType({ name: "Money", extensions: { codegenScalarType: "{ amount: string }" } });
    const Query = new GraphQLObjectType({ name: "Query", fields: { price: { type: Money } } });
    const query = { path: "operations/price.graphql", text: "query Price { price }" };
    const files = await generateFiles(new GraphQLSchema({ query: Query }), [query]);
    expect(files.at(-1)?.text).toContain("readonly price: { amount: string } | null");
  });

  test("contain mutations and subscriptions too", async () => {
    const rename = {
      path: "operations/rename.graphql",
      text: 'mutation Rename($id: ID!) { rename(id: $id, name: "a") { population } }',
    };
    const renamed = {
      path: "operations/renamed.graphql",
      text: "subscription Renamed($id: ID!) { renamed(id: $id) { population } }",
    };
    const text = (await generateFiles(schema, [rename, renamed])).at(-1)?.text;
    expect(text).toContain("as unknown as DocumentNode<RenameMutation, RenameMutationVariables>;");
    expect(text).toContain("as unknown as DocumentNode<RenamedSubscription, RenamedSubscriptionVariables>;");
  });
});

test("the message about an invalid operation names its file and line", async () => {
  const wrong = { path: "operations/wrong.graphql", text: "query Wrong {\n  mayor\n}" };
  await expect(generateFiles(schema, [wrong])).rejects.toThrow(/operations\/wrong\.graphql: .*mayor.*line 2/);
});

test("the message about a syntax error names the file", async () => {
  await expect(generateFiles(schema, [{ path: "operations/broken.graphql", text: "query {" }])).rejects.toThrow(
    "operations/broken.graphql",
  );
});

describe("the manifest of trusted documents", () => {
  const record = parseRecord(
    JSON.stringify({
      keysPerCall: { "sun.sun": { keys: 1, reason: "one place per call" } },
      operations: {
        Page: {
          sources: { database: 2, sun: 3 },
          calls: { "database.cities": 2, "sun.moon": 1, "sun.sun": 2 },
          chain: { length: 2, calls: "database.cities > sun.sun" },
        },
      },
    }),
  );
  const manifest = async (operations: readonly { readonly path: string; readonly text: string }[]) => {
    const files = await generateFiles(schema, operations, record);
    return JSON.parse(files.find(({ path }) => path === "operations/trusted-documents.json")?.text ?? "");
  };

  test("has the recorded calls of each operation, without those that are made per key", async () => {
    const { version, operations } = await manifest([line, list, page]);
    expect([version, Object.keys(operations)]).toEqual([1, ["List", "Page"]]);
    expect(operations.Page).toMatchObject({
      type: "query",
      budget: { sources: { database: 2, sun: 1 }, perKey: { "sun.sun": 1 }, chain: 2 },
    });
    expect(operations.List.budget).toBeUndefined();
  });

  test("has each text by its SHA-256, with and without __typename, in the forms of graphql-js and of urql", async () => {
    const { operations } = await manifest([line, page]);
    const texts: [string, string][] = Object.entries(operations.Page.documents);
    expect(texts).toHaveLength(4);
    for (const [hash, text] of texts) expect(createHash("sha256").update(text).digest("hex")).toBe(hash);
    const [plain = "", withTypename = "", ofUrql = ""] = texts.map(([, text]) => text);
    expect(plain).toContain("}\n\nfragment Line on City {\n  id\n  population\n}");
    expect(withTypename).toContain("  id\n  population\n  __typename\n}");
    expect(withTypename.startsWith("query Page($id: ID!) {\n  city(id: $id) {\n    ...Line")).toBe(true);
    expect(withTypename.endsWith("}\n  __typename\n}")).toBe(false);
    expect(ofUrql).toBe(plain.replace("}\n\nfragment", "}\nfragment"));
  });

  test("adds no second __typename, and keeps the empty lines of block strings", async () => {
    const text = `query Named($id: ID!) { city(id: $id) { __typename ...Line } rename: cities(where: { name: """a\n\nb""" }) { id } }`;
    const { operations } = await manifest([line, { path: "operations/named.graphql", text }]);
    for (const each of Object.values<string>(operations.Named.documents)) {
      expect(each.match(/city\(id: \$id\) \{[^}]*/)?.[0].match(/__typename/g)).toHaveLength(1);
      expect(each).toMatch(/a\n\s*\n\s*b/);
    }
  });
});

test("codegen writes only files that are out of date, and the check names these", async () => {
  using folder = createGitFolder();
  folder.write({ [page.path]: page.text, [line.path]: line.text });
  const files = await generateFiles(schema, await readOperationFiles(folder.root));
  const paths = ["schema/schema.graphql", "operations/trusted-documents.json", "operations/operations.generated.ts"];
  expect(await findStaleFiles(folder.root, files)).toEqual(paths);
  expect(await writeStaleFiles(folder.root, files)).toEqual(paths);
  expect(await findStaleFiles(folder.root, files)).toEqual([]);
  folder.write({ "schema/schema.graphql": `${readFileSync(join(folder.root, "schema/schema.graphql"), "utf8")}#` });
  expect(await findStaleFiles(folder.root, files)).toEqual(["schema/schema.graphql"]);
  expect(await writeStaleFiles(folder.root, files)).toEqual(["schema/schema.graphql"]);
});
