import { describe, expect, test } from "vitest";
import { api, bodyFor, cyclicSchemas, ref, respondingWith, serviceOf } from "./support/documents.ts";

const text = { type: "string" };
const number = { type: "number" };

describe("a generated schema validates", () => {
  test.each<[string, object | boolean, unknown[], unknown[], object?]>([
    ["a string", text, ["a", ""], [1, null]],
    [
      "64-bit integers that are exact",
      { type: "integer", format: "int64" },
      [Number.MAX_SAFE_INTEGER],
      [Number.MAX_SAFE_INTEGER + 1, 0.5],
    ],
    ["32-bit integers", { type: "integer", format: "int32" }, [2147483647], [2147483648]],
    [
      "a time",
      { type: "string", format: "date-time" },
      ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05.6+07:00"],
      ["yesterday"],
    ],
    ["a day", { type: "string", format: "date" }, ["2026-01-02"], ["2026-13-02"]],
    ["a UUID", { type: "string", format: "uuid" }, ["00000000-0000-0000-0000-000000000001"], ["1"]],
    ["other formats loosely", { type: "string", format: "uri" }, ["https://a.test/{id}"], [1]],
    ["null in 3.0", { type: "string", nullable: true }, ["a", null], [1]],
    ["null in 3.1", { type: ["string", "null"] }, ["a", null], [1]],
    ["null as an option", { oneOf: [text, { type: "null" }] }, ["a", null], [1]],
    ["several types", { type: ["string", "integer"] }, ["a", 1], [null, 0.5]],
    ["a constant", { const: "a" }, ["a"], ["b"]],
    ["an enumeration", { type: "string", enum: ["a", "b"] }, ["b"], ["c"]],
    ["an enumeration with null and numbers", { enum: [1, "a", null] }, [1, "a", null], [2, "1"]],
    ["a list", { type: "array", items: number }, [[], [1]], [["a"], {}]],
    [
      "a tuple with optional items",
      { type: "array", prefixItems: [text, number], items: false, minItems: 1 },
      [["a", 1], ["a"]],
      [[], ["a", 1, 2], ["a", "b"]],
    ],
    ["a tuple before JSON Schema 2020-12", { type: "array", items: [text, number], minItems: 2 }, [["a", 1]], [["a"]]],
    ["a dictionary", { type: "object", additionalProperties: number }, [{ a: 1 }], [{ a: "b" }]],
    ["any object", { type: "object" }, [{ a: 1 }], ["a"]],
    ["anything", true, [1, null, {}], []],
    ["options", { anyOf: [text, { type: "array", items: text }] }, ["a", ["a"]], [1]],
    [
      "required properties as options",
      { properties: { a: text, b: text }, anyOf: [{ required: ["a"] }, { required: ["b"] }] },
      [{ a: "x" }],
      [{ a: 1 }],
    ],
    ["a $ref with null beside it", { ...ref("Name"), nullable: true }, ["a", null], [1], { Name: text }],
    [
      "siblings of a $ref",
      { ...ref("A"), properties: { b: number }, required: ["b"] },
      [{ a: "x", b: 1 }],
      [{ a: "x" }, { b: 1 }],
      { A: { type: "object", properties: { a: text }, required: ["a"] } },
    ],
    [
      "an array of itself",
      ref("Json"),
      [1, [[1], []]],
      ["a", ["a"]],
      { Json: { anyOf: [number, { type: "array", items: ref("Json") }] } },
    ],
  ])("%s", async (_what, schema, good, bad, schemas) => {
    const body = await bodyFor(schema, schemas);
    expect(good.filter((value) => !body.safeParse(value).success)).toEqual([]);
    expect(bad.filter((value) => body.safeParse(value).success)).toEqual([]);
  });

  test("undeclared properties are ignored, even if the document forbids them", async () => {
    const body = await bodyFor({ type: "object", properties: { a: text }, additionalProperties: false });
    expect(body.parse({ a: "x", b: 1 })).toEqual({ a: "x" });
  });

  test("additional properties are kept if the document describes them", async () => {
    const body = await bodyFor({ type: "object", properties: { a: text }, additionalProperties: number });
    expect(body.parse({ a: "x", b: 1 })).toEqual({ a: "x", b: 1 });
    expect(body.safeParse({ b: "x" }).success).toBe(false);
  });

  test("a default replaces an absent property, if it is a valid value", async () => {
    const properties = { size: { type: "integer", default: 3 }, name: { type: "string", default: 3 } };
    const body = await bodyFor({ type: "object", properties });
    expect(body.parse({})).toEqual({ size: 3 });
  });

  test("a writeOnly property is not expected in a response", async () => {
    const properties = { name: text, password: { type: "string", writeOnly: true } };
    const body = await bodyFor({ type: "object", properties, required: ["name", "password"] });
    expect(body.parse({ name: "x" })).toEqual({ name: "x" });
  });

  test("allOf is one object with all properties; a property is required if one of the schemas requires it", async () => {
    const base = { type: "object", properties: { id: number, name: text }, required: ["id"] };
    const body = await bodyFor(
      { allOf: [ref("Base"), { properties: { tag: text } }, { required: ["name"] }] },
      { Base: base },
    );
    expect(body.parse({ id: 1, name: "a", tag: "b" })).toEqual({ id: 1, name: "a", tag: "b" });
    expect(body.safeParse({ id: 1 }).success).toBe(false);
  });

  test("allOf of arrays is an array of the intersection of their items", async () => {
    const page = { type: "object", properties: { data: { type: "array", items: { type: "object" } } } };
    const pets = { properties: { data: { items: ref("Pet") } } };
    const body = await bodyFor(
      { allOf: [page, pets] },
      { Pet: { type: "object", properties: { id: number }, required: ["id"] } },
    );
    expect(body.parse({ data: [{ id: 1 }] })).toEqual({ data: [{ id: 1 }] });
    expect(body.safeParse({ data: [{}] }).success).toBe(false);
  });

  test("allOf of arrays requires the properties that one of them requires", async () => {
    const named = {
      type: "array",
      items: { type: "object", properties: { id: number, name: text }, required: ["id"] },
    };
    const body = await bodyFor({ allOf: [named, { items: { properties: { id: number, age: number } } }] });
    expect(body.parse([{ id: 1, name: "a", age: 2 }])).toEqual([{ id: 1, name: "a", age: 2 }]);
    expect(body.safeParse([{ name: "a" }]).success).toBe(false);
  });

  test("allOf is one object, also with options of required properties", () => {
    const base = { properties: { a: text, b: text }, anyOf: [{ required: ["a"] }, { required: ["b"] }] };
    const { code } = serviceOf(api({ "/a": { get: respondingWith({ allOf: [base, { properties: { c: text } }] }) } }));
    expect(code).not.toContain("z.intersection");
    expect(code).toContain(
      "z.object({ a: z.string().optional(), b: z.string().optional(), c: z.string().optional(), })",
    );
  });

  test("the option with more required properties is tried first, so that none of its properties is lost", async () => {
    const loose = { type: "object", properties: { name: text } };
    const strict = { type: "object", properties: { name: text, age: number }, required: ["age"] };
    const body = await bodyFor({ oneOf: [loose, strict] });
    expect(body.parse({ name: "a", age: 1 })).toEqual({ name: "a", age: 1 });
  });
});

describe("a discriminated union", () => {
  const cat = { type: "object", properties: { kind: text, lives: number }, required: ["kind"] };
  const dog = {
    type: "object",
    properties: { kind: { const: "dog" }, tricks: { type: "array", items: text } },
    required: ["kind"],
  };
  const pet = {
    oneOf: [ref("Cat"), ref("Dog")],
    discriminator: { propertyName: "kind", mapping: { cat: "#/components/schemas/Cat", dog: "Dog" } },
  };

  test.each([
    ["named", ref("Pet"), { Pet: pet, Cat: cat, Dog: dog }],
    ["inline", { type: "array", items: pet }, { Cat: cat, Dog: dog }],
  ])("chooses its option by the property, %s", async (_where, schema, schemas) => {
    const body = await bodyFor(schema, schemas);
    const wrapped = (value: unknown) => ("items" in schema ? [value] : value);
    expect(body.parse(wrapped({ kind: "cat", lives: 9, tricks: ["a"] }))).toEqual(wrapped({ kind: "cat", lives: 9 }));
    expect(body.parse(wrapped({ kind: "dog", lives: 9, tricks: ["a"] }))).toEqual(
      wrapped({ kind: "dog", tricks: ["a"] }),
    );
    expect(body.safeParse(wrapped({ kind: "bird" })).success).toBe(false);
  });

  test("tries its options in order, if the property is not required", async () => {
    const schemas = { Cat: { ...cat, required: ["lives"] }, Dog: dog };
    const body = await bodyFor(pet, schemas);
    expect(body.parse({ lives: 9 })).toEqual({ lives: 9 });
    expect(body.parse({ kind: "dog", tricks: [] })).toEqual({ kind: "dog", tricks: [] });
  });

  test("has the subtypes of a schema, or the schema itself", async () => {
    const base = {
      type: "object",
      properties: { petType: text },
      required: ["petType"],
      discriminator: { propertyName: "petType" },
    };
    const made = { allOf: [ref("Pet"), { properties: { lives: number } }] };
    const body = await bodyFor(ref("Pet"), { Pet: base, Cat: made }, "3.0.3");
    expect(body.parse({ petType: "Cat", lives: 9 })).toEqual({ petType: "Cat", lives: 9 });
    expect(body.parse({ petType: "Fish", lives: 9 })).toEqual({ petType: "Fish" });
  });
});

describe("recursive schemas", () => {
  test("a tree is validated at all levels", async () => {
    const node = {
      type: "object",
      properties: { name: text, children: { type: "array", items: ref("Node") } },
      required: ["name"],
    };
    const body = await bodyFor(ref("Node"), { Node: node });
    expect(body.parse({ name: "a", children: [{ name: "b" }] })).toEqual({ name: "a", children: [{ name: "b" }] });
    expect(body.safeParse({ name: "a", children: [{ name: "b", children: [{}] }] }).success).toBe(false);
  });

  test("two schemas that refer to each other, one of them by a union", async () => {
    const schemas = {
      Expression: { oneOf: [ref("Sum"), number] },
      Sum: {
        type: "object",
        properties: { left: ref("Expression"), right: ref("Expression") },
        required: ["left", "right"],
      },
    };
    const body = await bodyFor(ref("Expression"), schemas);
    expect(body.safeParse({ left: 1, right: { left: 2, right: 3 } }).success).toBe(true);
    expect(body.safeParse({ left: 1, right: { left: 2, right: "x" } }).success).toBe(false);
  });

  test("a discriminated union that refers to itself", async () => {
    const body = await bodyFor(ref("Shape"), cyclicSchemas);
    const group = { kind: "group", parts: [{ kind: "dot" }, { kind: "group", parts: [] }] };
    expect(body.parse(group)).toEqual(group);
    expect(body.safeParse({ kind: "dot", parts: [] }).success).toBe(true);
    expect(body.safeParse({ kind: "group", parts: [{ kind: "line" }] }).success).toBe(false);
  });

  test("an operation with a schema that is only a $ref to itself is left out, with the location", () => {
    const document = api(
      { "/a": { get: respondingWith(ref("A")) } },
      { A: { properties: { b: ref("B") } }, B: ref("C"), C: ref("B") },
    );
    expect(serviceOf(document).plan).toMatchObject({
      reads: [],
      leftOut: [{ message: expect.stringMatching(/pets\.json#\/components\/schemas\/[BC]: expected a \$ref/) }],
    });
  });
});

test("an operation with an invalid type is left out, with the location", () => {
  const document = api({ "/a": { get: respondingWith({ type: "text" }) }, "/b": { get: respondingWith(text) } });
  const { plan } = serviceOf(document);
  expect(plan.reads.map(({ operation }) => operation.path)).toEqual(["/b"]);
  expect(plan.leftOut[0]?.message).toBe(
    'pets.json#/paths/~1a/get/responses/200/content/application~1json/schema/type: expected string, number, integer, boolean, array, object or null, got "text".',
  );
});

test("reserved names are changed, and equal names get a number", () => {
  const schemas = { Date: { type: "object", properties: { a: text } }, "pet-tag": text, PetTag: number };
  const properties = { date: ref("Date"), one: ref("pet-tag"), other: ref("PetTag") };
  const { code } = serviceOf(api({ "/a": { get: respondingWith({ type: "object", properties }) } }, schemas));
  expect(code).toContain("export type DateData =");
  expect(code).toContain("export type PetTag =");
  expect(code).toContain("export type PetTag2 =");
});
