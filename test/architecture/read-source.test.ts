import { parseSourceFile } from "tributary-testing/source/read-source.ts";
import { describe, expect, test } from "vitest";

const importsOf = (text: string, path = "schema/city.ts") =>
  parseSourceFile(path, text).imports.map(({ kind, target }) => `${kind} ${target}`);

describe("parseSourceFile finds the import", () => {
  test.each([
    ['import { a } from "../resolvers/city.ts";', "value resolvers/city.ts"],
    ['import "./country.ts";', "value schema/country.ts"],
    ['import * as a from "./country.ts";', "value schema/country.ts"],
    ['import type { A } from "./country.ts";', "type schema/country.ts"],
    ['import { type A } from "./country.ts";', "value schema/country.ts"],
    ['import {\n  type A,\n  b,\n} from "./country.ts";', "value schema/country.ts"],
    ['export { a } from "./country.ts";', "value schema/country.ts"],
    ['export * from "./country.ts";', "value schema/country.ts"],
    ['export type { A } from "./country.ts";', "type schema/country.ts"],
    ['const f = () => import("../atlas/x.ts");', "dynamic atlas/x.ts"],
    ["const f = (name: string) => import(name);", "dynamic ?"],
    ['let a: import("../atlas/x.ts").A;', "type atlas/x.ts"],
    ['import { z } from "zod/v4";', "value zod"],
    ['import { z } from "@pothos/core/x";', "value @pothos/core"],
    ['import { readFile } from "node:fs/promises";', "value node:fs/promises"],
  ])("%s", (text, seen) => {
    expect(importsOf(text)).toEqual([seen]);
  });
});

test("parseSourceFile ignores imports in comments and strings", () => {
  expect(importsOf('// import "./a.ts";\nconst text = \'import "./b.ts"\';')).toEqual([]);
});

test.each(["export default 1;", "const a = 1; export { a as default };", 'export { default } from "./a.ts";'])(
  "parseSourceFile finds the default export of %s",
  (text) => {
    expect(parseSourceFile("app.ts", text).hasDefaultExport).toBe(true);
  },
);

test("the error for a file with a syntax error names the file", () => {
  expect(() => parseSourceFile("app.ts", "const = ;")).toThrow("app.ts");
});

describe("parseSourceFile finds the side effect of", () => {
  test.each([
    "start();",
    "await start();",
    "const server = await start();",
    "for (const a of [1]) start(a);",
    "if (process.env.A) start();",
    "setInterval(() => {}, 1000);",
    "const timer = setInterval(() => {}, 1000);",
    "const answer = fetch('http://127.0.0.1');",
    "export const timer = { every: setTimeout(() => {}, 1) };",
    'import { readFileSync } from "node:fs";\nconst text = readFileSync("a");',
    'import * as fs from "node:fs";\nconst text = fs.readFileSync("a");',
    'import { Pool } from "pg";\nexport const pool = new Pool();',
    'import { Agent } from "undici";\nexport class A { static agent = new Agent(); }',
    "const started = (() => setTimeout(() => {}, 1))();",
    "builder.queryType({});",
    "if (import.meta.main) start(); else stop();",
  ])("%s", (text) => {
    expect(parseSourceFile("app.ts", text).sideEffects).not.toEqual([]);
  });
});

describe("parseSourceFile finds no side effect in", () => {
  test.each([
    "export const limits = new Set([1, 2]);",
    "export const start = () => setTimeout(() => {}, 1);",
    "export async function start() { await fetch('a'); for (;;) {} }",
    "export class A { #timer = setTimeout(() => {}, 1); start() { fetch('a'); } }",
    "type A = string;\ninterface B {}\nexport type { A, B };",
    "declare const a: string;",
    'import { promisify } from "node:util";\nimport { execFile } from "node:child_process";\nconst run = promisify(execFile);',
    "function fetch() {}\nconst own = fetch();",
    "if (import.meta.main) await start();",
    'import { parentPort } from "node:worker_threads";\nif (parentPort !== null) serve(parentPort);',
  ])("%s", (text) => {
    expect(parseSourceFile("app.ts", text).sideEffects).toEqual([]);
  });
});

test("the registration of types in the schema is no side effect; other calls at the top of a file are", () => {
  const sideEffects = (statement: string) =>
    parseSourceFile("schema/city.ts", `import { builder } from "./builder.ts";\n${statement}`).sideEffects;
  expect(sideEffects("builder.queryField('city', (t) => t.field({}));")).toEqual([]);
  expect(sideEffects("process.exit();")).not.toEqual([]);
  expect(sideEffects("register(builder);")).not.toEqual([]);
});
