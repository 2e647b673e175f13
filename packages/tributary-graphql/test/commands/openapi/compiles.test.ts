import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { z } from "zod";
import { writeService } from "../../../src/commands/openapi/service-file.ts";
import { apiWithText } from "./support/api-with-text.ts";
import { api, documentOf, ref, respondingWith, root, temporaryFolder } from "./support/documents.ts";

const text = { type: "string" };
const object = (properties: object, more: object = {}) => ({ type: "object", properties, ...more });
const parameter = (name: string, where: string, more: object = {}) => ({
  name,
  in: where,
  required: where === "path",
  schema: text,
  ...more,
});
const get = (operationId: string, schema: object, parameters: object[] = []) => ({
  get: { operationId, parameters, ...respondingWith(schema) },
});
/** A read per schema. */
const readsOf = (schemas: object): object =>
  Object.fromEntries(Object.keys(schemas).map((name, index) => [`/read${index}`, get(`read${index}`, ref(name))]));

const named = (...names: string[]) =>
  Object.fromEntries(names.map((name) => [name, object({ name: { const: name } }, { required: ["name"] })]));

const globals = named(
  ...[
    "Partial",
    "Record",
    "Pick",
    "Omit",
    "NonNullable",
    "Readonly",
    "Promise",
    "Date",
    "Array",
    "Map",
    "Object",
    "Error",
  ],
  ...[
    "URLSearchParams",
    "RestKey",
    "Upstream",
    "UpstreamOptions",
    "UpstreamScope",
    "String",
    "Number",
    "JSON",
    "Z",
    "z",
  ],
);
const similar = named(
  "HTTPError",
  "HttpError",
  "http-error",
  "http_error",
  "Httperror",
  "größe",
  "Größe",
  "gro\u0308ße",
  "获取",
  "Получить",
  "__proto__",
  "1",
);

const pet = object({ kind: text, name: text }, { required: ["kind"] });
const derivedFrom = (base: string, properties: object) => ({ allOf: [ref(base), object(properties)] });

const cyclic = {
  BaseWithOptions: { ...pet, oneOf: [ref("Cat"), ref("Dog")], discriminator: { propertyName: "kind" } },
  Cat: derivedFrom("BaseWithOptions", { lives: { type: "integer" } }),
  Dog: derivedFrom("BaseWithOptions", { bark: text }),
  PlainBase: { anyOf: [ref("One"), ref("Two")] },
  One: { allOf: [ref("PlainBase"), object({ one: text }, { required: ["one"] })] },
  Two: { allOf: [ref("PlainBase"), object({ two: text }, { required: ["two"] })] },
  Around: { allOf: [ref("Roundabout"), object({ around: text })] },
  Roundabout: { allOf: [ref("Around"), object({ cyclicSchemas: text })] },
  Itself: { allOf: [ref("Itself")] },
  OneOfItself: { oneOf: [ref("OneOfItself"), text] },
  Wrapped: { allOf: [ref("Tagged")], description: "the same as its base" },
  Tagged: { ...pet, discriminator: { propertyName: "kind" } },
  InProperty: { allOf: [object({ inner: { allOf: [ref("InProperty"), object({ depth: text })] } })] },
  List: { type: "array", items: ref("List") },
  Tree: { type: "object", additionalProperties: ref("Tree") },
  ListOrText: { oneOf: [text, { type: "array", items: ref("ListOrText") }] },
  Left: { anyOf: [ref("Right"), { type: "integer" }] },
  Right: { anyOf: [ref("Left"), text] },
  NullableOption: { oneOf: [ref("Nothing"), ref("Dot")], discriminator: { propertyName: "kind" } },
  Nothing: { ...object({ kind: { const: "nothing" } }, { required: ["kind"] }), nullable: true },
  Dot: object({ kind: { const: "dot" } }, { required: ["kind"] }),
};

const placeholder = `\${x}`;

const paths = {
  "/pets/{id}/{id}": get("getPet", ref("GetPetQuery"), [
    parameter("id", "path"),
    parameter("id", "query"),
    parameter("idInQuery", "query"),
    parameter("__proto__", "query"),
    parameter("constructor", "query"),
  ]),
  "/owners/{key}": get("delete", ref("GetPetQuery"), [parameter("key", "path"), parameter("query", "query")]),
  "/Products({id})/$count": get("count", { type: "integer" }, [
    parameter("id", "path", { schema: { type: "integer" } }),
  ]),
  "/Users('{name}')": get("user", ref("GetPetQuery"), [parameter("name", "path")]),
  "/find?action=find&by={name}": get("find", ref("GetPetQuery"), [
    parameter("name", "path"),
    parameter("action", "query"),
  ]),
  "/find#section": get("findAll", ref("GetPetQuery")),
  "/stations/{ids}": get("stations", { type: "array", items: ref("GetPetQuery") }, [
    parameter("ids", "path", { schema: { type: "array", items: { type: "integer" } } }),
  ]),
  "/undescribed/{what}": get("undescribed", ref("GetPetQuery")),
  "/odd": get(
    "odd",
    object({
      constructor: text,
      [`th${"en"}`]: text,
      [placeholder]: { default: placeholder, ...text },
      at: { type: "string", format: "date-time" },
      toString: { ...text, default: "a" },
    }),
    [
      parameter("list", "query", { style: "pipeDelimited", explode: false, schema: { type: "array", items: text } }),
      parameter("where", "query", { allowReserved: true }),
      parameter("json", "query", {
        schema: undefined,
        content: { "application/json": { schema: { type: "object" } } },
      }),
    ],
  ),
};

const documents: Record<string, object> = {
  globals: api(readsOf(globals), globals),
  similar: api(readsOf(similar), similar),
  cyclic: api(readsOf(cyclic), cyclic),
  reads: api(paths, { GetPetQuery: object({ a: text }), ...globals }),
  instructions: apiWithText("@ts-expect-error", "path"),
  "path-reads": api({ "/path": get("path", object({ a: text })), "/reads": get("reads", text), "/z": get("z", text) }),
};

let folder: ReturnType<typeof temporaryFolder>;
beforeAll(() => {
  folder = temporaryFolder();
  for (const [name, document] of Object.entries(documents)) {
    const { code } = writeService(documentOf(document), { location: "", name, only: [] });
    writeFileSync(join(folder.path, `${name}-service.ts`), code);
  }
});
afterAll(() => folder[Symbol.dispose]());

const load = (name: string): Promise<Record<string, z.ZodType>> =>
  import(pathToFileURL(join(folder.path, `${name}-service.ts`)).href);

/** The body of this schema in the file of a document. */
async function bodyOf(document: string, name: string): Promise<z.ZodType> {
  const module = await load(document);
  const [, body] =
    Object.entries(module).find(([exported]) => exported.toLowerCase() === `${name}body`.toLowerCase()) ?? [];
  return body ?? expect.fail(`${name} is not among ${Object.keys(module).join(", ")}.`);
}

describe("conflicting names, cyclic schemas and unusual paths", () => {
  test("compile under strict rules", async () => {
    writeFileSync(
      join(folder.path, "tsconfig.json"),
      JSON.stringify({
        extends: join(root, "tsconfig.json"),
        compilerOptions: { lib: ["esnext", "dom"] },
        include: ["*.ts"],
        exclude: [],
      }),
    );
    const run = promisify(execFile)(join(root, "node_modules/.bin/tsc"), ["-p", folder.path]);
    await expect(run).resolves.toMatchObject({ stdout: "" });
  }, 120_000);

  test.each(Object.keys(documents))("are loaded, and the validation of every body of %s terminates", async (name) => {
    const bodies = Object.values(await load(name)).filter((exported) => "safeParse" in exported);
    for (const body of bodies) for (const value of [null, {}, [], "a", { kind: "Cat" }]) body.safeParse(value);
    expect(bodies.length).toBeGreaterThan(0);
  });
});

describe("each schema validates its own values", () => {
  test.each(Object.keys(similar).filter((name) => name !== "__proto__"))(
    "%j among others with similar names",
    async (name) => {
      const bodies = Object.values(await load("similar")).filter((exported) => "safeParse" in exported);
      expect(bodies.filter((body) => body.safeParse({ name }).success)).toHaveLength(1);
    },
  );

  test.each<[string, unknown[], unknown[]]>([
    ["Cat", [{ kind: "Cat", lives: 9 }, { kind: "Cat" }], [{ kind: "Cat", lives: "nine" }, {}]],
    ["BaseWithOptions", [{ kind: "Dog", bark: "loud" }], [{ kind: "Dog", bark: 1 }, { kind: "Fish" }]],
    ["One", [{ one: "a" }], [{ two: "a" }, "a"]],
    ["PlainBase", [{ one: "a" }, { two: "b" }], [{ three: "c" }]],
    ["Around", [{ around: "a", cyclicSchemas: "b" }], [{ around: 1 }, { cyclicSchemas: 1 }]],
    ["OneOfItself", ["a"], [1]],
    ["InProperty", [{ inner: { depth: "a", inner: { depth: "b" } } }], [{ inner: { inner: { depth: 1 } } }]],
    ["List", [[], [[], [[]]]], [["a"]]],
    ["Tree", [{ a: { b: {} } }], [{ a: 1 }]],
    ["Left", [1, "a"], [true]],
    ["Right", [1, "a"], [true]],
    ["NullableOption", [null, { kind: "dot" }], [{ kind: "line" }]],
  ])("%s, which is cyclic", async (name, good, bad) => {
    const body = await bodyOf("cyclic", name);
    expect(good.filter((value) => !body.safeParse(value).success)).toEqual([]);
    expect(bad.filter((value) => body.safeParse(value).success)).toEqual([]);
  });

  test("a property that objects inherit from their prototype may be absent", async () => {
    const body = await bodyOf("reads", "OddAnswer");
    expect(body.parse({})).toMatchObject({ toString: "a", [placeholder]: placeholder });
    expect(body.safeParse({ constructor: "Ferrari" }).success).toBe(true);
    expect(body.safeParse({ constructor: 1 }).success).toBe(false);
  });
});
