import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const tributary = join(root, "packages/tributary-graphql/src/bin.ts");

/** An app in a temporary folder of the repository, from which its packages can be resolved. */
function app(files: Readonly<Record<string, string>>) {
  mkdirSync(join(root, ".data"), { recursive: true });
  const folder = mkdtempSync(join(root, ".data/app-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const run = async (...args: string[]) => {
    const ran = promisify(execFile)(process.execPath, [tributary, ...args], { cwd: folder });
    return ran.catch(({ stdout, stderr, code }) => ({ stdout, stderr, code }));
  };
  return {
    run,
    isThere: (path: string) => existsSync(join(folder, path)),
    read: (path: string) => readFileSync(join(folder, path), "utf8"),
  };
}

const configOf = (paths: string): string => `
  import { GraphQLInt, GraphQLList, GraphQLObjectType, GraphQLSchema } from "graphql";
  import { createGateway } from "tributary-graphql";
  const numbers = {
    type: new GraphQLList(GraphQLInt),
    args: { first: { type: GraphQLInt } },
    resolve: (_, { first }) => Array.from({ length: first }, (_, index) => index),
  };
  const schema = new GraphQLSchema({ query: new GraphQLObjectType({ name: "Query", fields: { numbers } }) });
  export default {
    schema: () => schema,
    start: async ({ createCallLog }) => {
      const gateway = createGateway({ schema, createCallLog });
      return { gateway, close: () => gateway.close() };
    },
    ${paths}
  };`;

test("the configuration sets the folder of the operations and the path of the schema", async () => {
  const { run, isThere, read } = app({
    "package.json": '{ "type": "module" }',
    "tributary.config.js": configOf('operations: "clients/web/", printedSchema: "graph/api.graphql",'),
    "clients/web/numbers.graphql": "query Numbers($first: Int!) { numbers(first: $first) }",
    "clients/web/variables.json": '{ "Numbers": { "small": { "first": 2 }, "large": { "first": 4 } } }',
  });
  expect(await run("codegen")).toMatchObject({
    stdout: "Wrote graph/api.graphql, clients/web/trusted-documents.json, clients/web/operations.generated.ts\n",
  });
  expect(read("graph/api.graphql")).toContain("numbers(first: Int): [Int]");
  expect(read("clients/web/operations.generated.ts")).toContain("from clients/web/*.graphql");
  expect(await run("codegen", "--check")).toMatchObject({ stdout: "Every generated file is up to date.\n" });
  expect(await run("calls", "record")).toMatchObject({ stdout: expect.stringContaining("clients/web/calls.json") });
  expect(await run("calls", "check")).toMatchObject({
    stdout: expect.stringContaining("1 operation: no more calls than in clients/web/calls.json"),
  });
  expect([isThere("operations"), isThere("schema")]).toEqual([false, false]);
}, 60_000);

test.each(["/tmp", "../clients", "."])("a folder of operations such as %j is refused in one line", async (path) => {
  const { run } = app({
    "package.json": '{ "type": "module" }',
    "tributary.config.js": configOf(`operations: ${JSON.stringify(path)},`),
  });
  expect(await run("codegen")).toMatchObject({
    code: 1,
    stderr: `tributary.config.js: operations: expected a path below the app's root, got ${JSON.stringify(path)}.\n`,
  });
});
