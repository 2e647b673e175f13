import { describe, expect, test } from "vitest";
import { answering, api, ref, serviceOf } from "./support/documents.ts";

const text = { type: "string" };
const integer = { type: "integer" };
const pet = {
  type: "object",
  properties: { id: integer, name: text, ownerId: integer, tags: { type: "array", items: text } },
  required: ["id", "name"],
};
const pets = { type: "array", items: ref("Pet") };
const query = (name: string, schema: object, more: object = {}) => ({ name, in: "query", schema, ...more });
const one = {
  get: {
    operationId: "petById",
    parameters: [{ name: "petId", in: "path", required: true, schema: integer }],
    ...answering(ref("Pet")),
  },
};
const list = (parameters: object[], schema: object = pets, headers: object = {}) => ({
  get: { operationId: "pets", parameters, ...answering(schema, headers) },
});
const planOf = (paths: object) => serviceOf(api(paths, { Pet: pet })).plan;
const codeOf = (paths: object) => serviceOf(api(paths, { Pet: pet })).code.replaceAll(/\s+/g, " ");

describe("a read", () => {
  test("by one value in its path is asked with that value, and 404 is null", () => {
    expect(codeOf({ "/pets/{petId}": one })).toContain(
      `petById: reads.single({ call: "petById", path: (key: number) => path\`/pets/\${key}\`, body: petBody, notFound: "null" }),`,
    );
  });

  test("by more is asked with an object, whose lists are sent as the document says", () => {
    const parameters = [
      query("tags", { type: "array", items: text }),
      query("kinds", { type: "array", items: { enum: ["cat", "dog"] } }, { explode: false, required: true }),
      query("near-by", { type: "boolean" }),
    ];
    const code = codeOf({ "/pets": list(parameters) });
    expect(code).toContain('readonly kinds: readonly ("cat" | "dog")[];');
    expect(code).toContain("readonly tags?: readonly string[];");
    expect(code).toContain('queryOf({ tags: query.tags, kinds: query.kinds.join(","), "near-by": query["near-by"] })');
  });

  test.each([
    ["that is no GET", { "/pets": { delete: answering(pets) } }, "it is no read"],
    [
      "that answers with a picture",
      { "/pets": { get: { responses: { 200: { description: "", content: { "image/png": {} } } } } } },
      "it answers with image/png, which is no JSON",
    ],
    [
      "that answers with nothing",
      { "/pets": { get: { responses: { 204: { description: "" } } } } },
      "it answers with nothing (204)",
    ],
    [
      "that needs an object in its query",
      { "/pets": list([query("filter", { type: "object" }, { required: true })]) },
      "its parameter filter is an object",
    ],
    [
      "that needs a cookie",
      { "/pets": list([{ ...query("session", text), in: "cookie", required: true }]) },
      "it needs the cookie session",
    ],
  ])("%s is left out, and the reason is told", (_what, paths, words) => {
    expect(planOf(paths)).toMatchObject({ reads: [], leftOut: [{ words }] });
  });

  test("that needs a header says so", () => {
    const paths = { "/pets": list([{ ...query("X-Tenant", text), in: "header", required: true }]) };
    expect(planOf(paths).notes).toMatchObject([{ words: expect.stringContaining("X-Tenant") }]);
  });
});

describe("a paged list is followed", () => {
  const page = query("page", integer);
  const size = query("per_page", { type: "integer", maximum: 50 });
  const envelope = (more: object) => ({ type: "object", properties: { data: pets, ...more } });

  test.each([
    ["by the header Link, when it is documented", [page], pets, { Link: {} }, "next: linkHeader()"],
    [
      "by page numbers, when it says how large a page can be",
      [page, size],
      pets,
      {},
      'next: pageNumber({ parameter: "page", sizeParameter: "per_page", size: 50 })',
    ],
    [
      "by page numbers from 0",
      [query("page", { type: "integer", default: 0 }), size],
      pets,
      {},
      "size: 50, firstPage: 0 })",
    ],
    [
      "by a cursor in the body",
      [query("cursor", text)],
      envelope({ meta: { type: "object", properties: { next_cursor: text } } }),
      {},
      'next: nextCursor({ parameter: "cursor", cursorOf: (body: PetsAnswer) => body.meta?.next_cursor })',
    ],
    [
      "by the next page's URL in the body",
      [page],
      envelope({
        links: { type: "object", properties: { next: { type: "string", format: "uri" } }, required: ["next"] },
      }),
      {},
      "next: (url, page) => page === null ? url.href : page.body.links?.next ?? null }",
    ],
  ])("%s", (_how, parameters, schema, headers, code) => {
    expect(codeOf({ "/pets": list(parameters, schema, headers) })).toContain(code);
  });

  test("with its rows where they are", () => {
    const code = codeOf({ "/pets": list([query("cursor", text)], envelope({ next: text })) });
    expect(code).toContain("items: (body: PetsAnswer) => body.data ?? [],");
  });

  test.each([
    ["nothing says how large a page is", [page], pets],
    ["its pages are counted by rows", [query("offset", integer), query("limit", integer)], pets],
    ["it has no list of rows", [page, size], ref("Pet")],
  ])("and not when %s: it is one call then, with all its parameters", (_why, parameters, schema) => {
    const [read] = planOf({ "/pets": list(parameters, schema) }).reads;
    expect(read?.pages).toBeUndefined();
    expect(read?.arguments.query).toHaveLength(parameters.length);
  });
});

describe("a batch is proposed", () => {
  const ids = { type: "array", items: integer };

  test.each<[string, object, string, string, number]>([
    ["for a list that repeats its parameter", query("ids", ids), 'repeated("ids")', "oneByKey", 100],
    ["for a list with commas", query("id", ids, { explode: false }), 'commaList("id")', "oneByKey", 100],
    [
      "for a text that is described as such a list",
      query("petIds", text, { description: "Comma-separated ids, at most 25." }),
      'commaList("petIds")',
      "oneByKey",
      25,
    ],
    [
      "for the name of the thing with its key",
      query("pet_ids", { ...ids, maxItems: 30 }),
      'repeated("pet_ids")',
      "oneByKey",
      30,
    ],
    [
      "for a field that is no key of the row: many rows",
      query("ownerIds", ids),
      'repeated("ownerIds")',
      "manyByKey",
      100,
    ],
    ["with the brackets that some APIs want", query("id[]", ids), 'repeated("id[]")', "oneByKey", 100],
  ])("%s", (_what, parameter, keys, reader, maxKeys) => {
    const [batch, ...more] = planOf({ "/pets": list([parameter]) }).batches;
    expect(more).toEqual([]);
    expect(batch?.proposal).toMatchObject({ reader, maxKeys, keyParameter: { keys } });
  });

  test.each([
    ["a list of keys", ids, "postBody((keys) => keys)"],
    [
      "an object with a list of keys",
      { type: "object", properties: { petIds: { ...ids, maxItems: 40 } } },
      "postBody((keys) => ({ petIds: keys }))",
    ],
  ])("for a POST that reads by %s", (_what, schema, keys) => {
    const post = {
      operationId: "findPets",
      requestBody: { content: { "application/json": { schema } } },
      ...answering(pets),
    };
    const { batches, leftOut } = planOf({ "/pets/lookup": { post } });
    expect(batches).toMatchObject([{ proposal: { keyParameter: { keys } } }]);
    expect(batches[0]?.proposal.assumptions).toContain("the POST changes nothing");
    expect(leftOut).toEqual([]);
  });

  test("but never for a POST whose words say that it changes something", () => {
    const post = {
      operationId: "bulkDeletePets",
      requestBody: { content: { "application/json": { schema: ids } } },
      ...answering(pets),
    };
    expect(planOf({ "/pets/bulk": { post } })).toMatchObject({ batches: [], leftOut: [{ words: "it is no read" }] });
  });

  test.each([
    ["no row has such a field", { "/pets": list([query("statuses", ids)]) }],
    ["the field is a list", { "/pets": list([query("tags", { type: "array", items: text })]) }],
    ["the answer is no list", { "/pets": list([query("ids", ids)], ref("Pet")) }],
    ["one value is asked for", { "/pets": list([query("id", integer)]) }],
  ])("and not when %s", (_why, paths) => {
    expect(planOf(paths).batches).toEqual([]);
  });

  test("and not when more has to be sent than the keys, which is told", () => {
    const { batches, notes } = planOf({ "/pets": list([query("ids", ids), query("shop", text, { required: true })]) });
    expect(batches).toEqual([]);
    expect(notes).toMatchObject([{ words: expect.stringContaining("other parameters have to be sent too") }]);
  });

  test("with a page as large as it can be, and not more keys than that", () => {
    const code = codeOf({ "/pets": list([query("ids", ids), query("limit", { type: "integer", maximum: 50 })]) });
    expect(code).toContain('query: new URLSearchParams({"limit":"50"})');
    expect(code).toContain("maxKeys: 50");
    expect(code).toContain("at most 50 keys a call, since a page has as many rows (limit)");
  });

  test("with the read of one row, for the probe to compare", () => {
    const code = codeOf({ "/pets": list([query("ids", ids)]), "/pets/{petId}": one });
    expect(code).toContain(`single: { path: (key: RestKey) => path\`/pets/\${key}\`, body: petBody }`);
    expect(code).toContain("keyOf: (row: Pet) => row.id");
    expect(code).toContain("petsByIds: reads.oneByKey(petsByIds),");
  });
});
