import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadDocument } from "../../../src/commands/openapi/document/load.ts";
import { writeService } from "../../../src/commands/openapi/service-file.ts";
import { api, ref, respondingWith, serviceOf, temporaryFolder } from "./support/documents.ts";

let folder: ReturnType<typeof temporaryFolder>;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => folder[Symbol.dispose]());

/** The declaration of a document in these files, of which the first is the root. */
async function written(files: Record<string, string | Uint8Array>) {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder.path, name)), { recursive: true });
    writeFileSync(join(folder.path, name), content);
  }
  const location = join(folder.path, Object.keys(files)[0] ?? "");
  const document = await loadDocument(location);
  const { code, plan } = writeService(document, { location, name: "pets", only: [] });
  return { code: code.replaceAll(/\s+/g, " "), plan };
}

const head = "openapi: 3.1.0\ninfo: { title: Pets, version: 1 }\n";
const yaml = (schema: string, more = "") =>
  `${head}${more}paths:\n  /pets:\n    get:\n      operationId: pets\n      responses:\n        200:\n          description:\n          content:\n            application/json:\n              schema: ${schema}\n`;
const petsYaml = yaml("{ type: object, properties: { größe: { type: string } } }");
const utf16 = (text: string, isBigEndian = false): Buffer => {
  const bytes = Buffer.from(text, "utf16le");
  return isBigEndian ? bytes.swap16() : bytes;
};

describe("a file is read", () => {
  test.each<[string, string | Uint8Array]>([
    ["UTF-8 with a byte order mark", `\ufeff${petsYaml}`],
    ["UTF-16", utf16(petsYaml)],
    ["UTF-16 with a byte order mark", utf16(`\ufeff${petsYaml}`)],
    ["UTF-16 big-endian", utf16(petsYaml, true)],
    ["UTF-16 big-endian with a byte order mark", utf16(`\ufeff${petsYaml}`, true)],
    [
      "JSON with a byte order mark",
      `\ufeff${JSON.stringify(api({ "/pets": { get: respondingWith({ type: "object", properties: { größe: { type: "string" } } }) } }))}`,
    ],
    [
      "YAML in braces",
      `{ openapi: "3.1.0", info: {}, paths: { /pets: { get: { responses: { 200: { content: { application/json: { schema: { type: object, properties: { größe: { type: string } } } } } } } } } } }`,
    ],
    ["a version that is a number", petsYaml.replace("3.1.0", "3.1")],
  ])("that is %s", async (_what, content) => {
    expect((await written({ "pets.yaml": content })).code).toContain('"größe": z.string().optional()');
  });

  test("and refused when it is not valid in its encoding", async () => {
    const bytes = Buffer.concat([Buffer.from(petsYaml), Buffer.from([0xff, 0x41])]);
    await expect(written({ "bad.yaml": bytes })).rejects.toThrow("cannot be read: it is not valid UTF-8");
  });
});

describe("YAML", () => {
  test("may have merge keys and aliases", async () => {
    const common = "x-common: &common { id: { type: integer }, at: &time { type: string, format: date-time } }\n";
    const { code } = await written({
      "merged.yaml": yaml("{ type: object, properties: { <<: *common, later: *time } }", common),
    });
    expect(code).toContain(
      "z.object({ id: z.int().optional(), at: dateTime.optional(), later: dateTime.optional(), })",
    );
  });

  test("with a circular alias is refused, with its location", async () => {
    const text = yaml("&schema { type: object, properties: { inner: *schema } }");
    await expect(written({ "circle.yaml": text })).rejects.toThrow(
      /circle\.yaml#\/paths\/.*\/inner: .* an alias of a value that contains it \(line 12\)\.$/,
    );
  });

  test("with exponential aliases is refused, and not expanded", async () => {
    const levels = Array.from({ length: 30 }, (_, index) => `x-${index + 1}: &a${index + 1} [*a${index}, *a${index}]`);
    const text = `x-0: &a0 [a, a]\n${levels.join("\n")}\n${petsYaml}`;
    await expect(written({ "bomb.yaml": text })).rejects.toThrow("Excessive alias count");
  });

  test.each([
    ["{ type: null }", "z.null()"],
    ["{ type: [string, null] }", "z.string().nullable()"],
    ["{ type: [null, integer] }", "z.int().nullable()"],
    ["{ oneOf: [{ type: string }, { type: null }] }", "z.string().nullable()"],
    ["{ type: string, enum: [1, 2020-01-01, true] }", 'z.enum(["1", "2020-01-01", "true"])'],
    ["{ type: integer, enum: ['1', '2', 2] }", "z.literal([1, 2])"],
    ["{ enum: [a, null, a, 1] }", 'z.literal(["a", 1]).nullable()'],
    ["{ const: null }", "z.null()"],
    ["{ type: object, properties: { a: } }", "z.object({ a: z.unknown().optional(), })"],
    ["{ type: number, format: int64 }", "z.int()"],
    [
      "{ type: object, properties: { a: { type: string } }, patternProperties: { ^x-: { type: integer } } }",
      "z.object({ a: z.string().optional(), }).catchall(z.int())",
    ],
  ])("%s is %s", async (schema, code) => {
    expect((await written({ "types.yaml": yaml(schema) })).code).toContain(`petsAnswerBody = ${code};`);
  });

  test("may have numbers or nothing as descriptions", async () => {
    const text = `openapi: 3.0.3\ninfo: { title: 2020, version: 1.0 }\npaths:\n  /pets:\n    get:\n      summary: 1\n      description:\n      operationId: 7\n      parameters:\n      responses: { 200: { description: , content: { application/json: {} } } }\n`;
    expect((await written({ "prose.yaml": text })).plan.reads).toHaveLength(1);
  });
});

describe("a $ref is followed", () => {
  const pet = { type: "object", properties: { name: { type: "string" } } };
  const found = "z.object({ name: z.string().optional(), })";

  test.each<[string, string, object]>([
    ["by $anchor", "#pet", { Pet: { ...pet, $anchor: "pet" } }],
    ["by $id", "https://schemas.test/pet.json", { Pet: { ...pet, $id: "https://schemas.test/pet.json" } }],
    [
      "by $id, relative to another",
      "pet.json",
      { All: { $id: "https://schemas.test/all.json", $defs: { Pet: { ...pet, $id: "pet.json" } } } },
    ],
    ["with an escaped slash", "#/components/schemas/a~1b~0c", { "a/b~c": pet }],
    ["with percent encodings", "#/components/schemas/a%20b%25%2Fc", { "a b%/c": pet }],
    ["with a slash that is encoded", "#/components/schemas/a%7E1b", { "a/b": pet }],
  ])("%s", async (_how, $ref, schemas) => {
    const owner =
      $ref === "pet.json"
        ? { $id: "https://schemas.test/pets.json", properties: { pet: { $ref } } }
        : { properties: { pet: { $ref } } };
    const document = api({ "/pets": { get: respondingWith(owner) } }, schemas);
    expect((await written({ "refs.json": JSON.stringify(document) })).code).toContain(found);
  });

  test("from a schema with an $id, relative to the file if there is no other target", async () => {
    const schemas = { Pet: pet, Pets: { $id: "https://schemas.test/pets", type: "array", items: ref("Pet") } };
    const document = api({ "/pets": { get: respondingWith(ref("Pets")) } }, schemas);
    expect((await written({ "ids.json": JSON.stringify(document) })).code).toContain(found);
  });

  test("of a path with siblings, of an operation, a parameter and a response, in other files too", async () => {
    const files = {
      "split/api.json": JSON.stringify({
        openapi: "3.1.0",
        info: {},
        paths: {
          "/pets/{id}": {
            $ref: "paths/a%20b.yaml#/items/~1pets",
            summary: "beside",
            parameters: [{ name: "lang", in: "query", schema: { type: "string" } }],
          },
        },
        components: { responses: { Pet: respondingWith(pet).responses[200] } },
      }),
      "split/paths/a b.yaml":
        'items:\n  /pets:\n    parameters: [{ $ref: "../shared.json#/id", description: "its own words" }]\n    get: { $ref: "../shared.json#/get" }\n',
      "split/shared.json": JSON.stringify({
        id: { name: "id", in: "path", required: true, schema: { type: "integer" } },
        get: { operationId: "pet", responses: { 200: { $ref: "api.json#/components/responses/Pet" } } },
      }),
    };
    const { code, plan } = await written(files);
    expect(plan.leftOut).toEqual([]);
    expect(code).toContain("readonly id: number; readonly lang?: string;");
    expect(code).toContain(found);
  });

  test("unless it is malformed, and the reason has its location", async () => {
    const document = api({
      "/a": { get: respondingWith({ $ref: "#/%E0%A4%A/x" }) },
      "/b": { get: respondingWith(pet) },
    });
    const { plan } = serviceOf(document);
    expect(plan.reads).toHaveLength(1);
    expect(plan.leftOut[0]?.message).toContain("schema: expected a $ref to an existing value");
  });
});

describe("a refusal names the line", () => {
  const left = async (files: Record<string, string>) =>
    (await written(files)).plan.leftOut.map(({ message }) => message);
  const json = JSON.stringify(api({ "/pets": { get: respondingWith({ type: "text" }) } }), null, 2);

  test.each<[string, Record<string, string>, RegExp]>([
    [
      "of YAML",
      { "line.yaml": yaml("{ type: text }") },
      /\/schema\/type: expected string.*, got "text" \(line 12\)\.$/,
    ],
    [
      "of YAML whose key is a number",
      { "line.yaml": yaml("").replace(/content:.*/s, "content: 1\n") },
      /\/content: expected an object, got 1 \(line 10\)\.$/,
    ],
    ["of JSON", { "line.json": json }, /got "text" \(line 22\)\.$/],
    [
      "of an item of a list",
      { "line.yaml": yaml("{ oneOf: [{ type: string },\n                { type: text }] }") },
      /got "text" \(line 13\)\.$/,
    ],
    [
      "of another file",
      { "top.yaml": yaml("{ $ref: 'other.yaml#/Pet' }"), "other.yaml": "# Pets\nPet:\n  type: text\n" },
      /^other\.yaml#\/Pet\/type: .* \(line 3\)\.$/,
    ],
    [
      "of the merge key for a merged value",
      { "line.yaml": yaml("{ <<: *wrong }", "x-wrong: &wrong { type: text }\n") },
      /\(line 13\)\.$/,
    ],
    ["unless the file has only one line", { "line.json": JSON.stringify(JSON.parse(json)) }, /got "text"\.$/],
  ])("%s", async (_what, files, message) => {
    expect(await left(files)).toEqual([expect.stringMatching(message)]);
  });
});

test("an invalid operation does not affect the others, and its schemas are not declared", () => {
  const broken = { type: "object", properties: { fine: ref("Fine"), bad: ref("Missing") } };
  const { plan, code } = serviceOf(
    api(
      {
        "/bad": { get: respondingWith(ref("Broken")) },
        "/odd": { get: 1 },
        "/good": { get: respondingWith(ref("Good")) },
      },
      { Broken: broken, Fine: { properties: { up: ref("Broken") } }, Good: { type: "object" } },
    ),
  );
  expect(plan.reads.map(({ operation }) => operation.path)).toEqual(["/good"]);
  expect(plan.leftOut.map(({ operation: { path }, message }) => `${path}: ${message}`)).toEqual([
    '/bad: pets.json#/components/schemas/Broken/properties/bad: expected a $ref to an existing value, got "#/components/schemas/Missing".',
    "/odd: it has no successful response",
  ]);
  expect(code).not.toMatch(/Fine|Broken/);
});
