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
    expect(code).toContain(
      'queryOf({ tags: query.tags, kinds: joined(query.kinds, ","), "near-by": query["near-by"] })',
    );
  });

  test.each([
    ["that is no GET", { "/pets": { delete: answering(pets) } }, "it is no read"],
    [
      "that answers with a picture",
      { "/pets": { get: { responses: { 200: { description: "", content: { "image/png": {} } } } } } },
      "it answers with image/png, which is not JSON",
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
      "next: (url, page) => (page === null ? url.href : page.body.links?.next || null) }",
    ],
  ])("%s", (_how, parameters, schema, headers, code) => {
    expect(codeOf({ "/pets": list(parameters, schema, headers) })).toContain(code);
  });

  test("with its rows where they are", () => {
    const code = codeOf({ "/pets": list([query("cursor", text)], envelope({ next: text })) });
    expect(code).toContain("items: (body: PetsAnswer) => body.data ?? [],");
  });

  const total = { type: "object", properties: { items: pets, total: integer, offset: integer, limit: integer } };
  const nextUrl = { type: "string", nullable: true, description: "URL to the next page of items. (`null` if none)" };

  test.each<[string, object[], object, string]>([
    [
      "by the next page's URL, when only words say that it is one",
      [query("offset", integer), query("limit", integer)],
      { ...total, properties: { ...total.properties, next: nextUrl } },
      "next: (url, page) => (page === null ? url.href : page.body.next || null)",
    ],
    [
      "by rows, until there are as many as there are in all",
      [query("offset", integer), query("limit", { type: "integer", maximum: 50 })],
      total,
      'rowOffset({ parameter: "offset", sizeParameter: "limit", size: 50, totalOf: (body: PetsAnswer) => body.total })',
    ],
    [
      "by rows, where nothing says how many a page has",
      [query("skip", integer), query("limit", integer)],
      total,
      'rowOffset({ parameter: "skip", totalOf: (body: PetsAnswer) => body.total })',
    ],
    [
      "by rows, of which the document says how many a page has",
      [query("offset", integer), query("limit", { type: "integer", maximum: 50 })],
      pets,
      'rowOffset({ parameter: "offset", sizeParameter: "limit", size: 50 })',
    ],
    [
      "by the last row's id, while the body says that there are more",
      [query("starting_after", text), query("limit", integer)],
      { type: "object", required: ["data", "has_more"], properties: { data: pets, has_more: { type: "boolean" } } },
      'nextCursor({ parameter: "starting_after", cursorOf: (body: PetsAnswer) => (body.has_more ? body.data.at(-1)?.id : null) })',
    ],
    [
      "by a token, as Google's",
      [query("pageToken", text), query("pageSize", integer)],
      envelope({ nextPageToken: text }),
      'nextCursor({ parameter: "pageToken", cursorOf: (body: PetsAnswer) => body.nextPageToken })',
    ],
    [
      "by OData's link",
      [query("$skip", integer), query("$top", integer)],
      { type: "object", properties: { value: pets, "@odata.nextLink": text } },
      '(page === null ? url.href : page.body["@odata.nextLink"] || null)',
    ],
    [
      "by HAL's link",
      [page],
      envelope({ _links: { type: "object", properties: { next: { type: "object", properties: { href: text } } } } }),
      "page.body._links?.next?.href || null",
    ],
  ])("%s", (_how, parameters, schema, code) => {
    expect(codeOf({ "/pets": list(parameters, schema) })).toContain(code);
  });

  test("and the number of rows on a page is not taken for that of all", () => {
    const code = codeOf({ "/pets": list([page, size], envelope({ count: integer })) });
    expect(code).toContain('pageNumber({ parameter: "page", sizeParameter: "per_page", size: 50 })');
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

describe("what is sent", () => {
  const plainList = { type: "array", items: text };
  test.each([
    ["a list with commas", query("a", plainList, { explode: false }), 'a: joined(query.a, ",")'],
    [
      "a list with spaces",
      query("a", plainList, { style: "spaceDelimited", explode: false }),
      'a: joined(query.a, " ")',
    ],
    ["a list with bars", query("a", plainList, { style: "pipeDelimited", explode: false }), 'a: joined(query.a, "|")'],
    ["a list that repeats its name", query("a", plainList), "a: query.a"],
    ["reserved characters as they are", query("a", text, { allowReserved: true }), "a: reserved(query.a)"],
    [
      "JSON",
      { name: "a", in: "query", content: { "application/json": { schema: {} } } },
      "a: query.a === undefined ? undefined : JSON.stringify(query.a)",
    ],
  ])("is %s where the document says so", (_what, parameter, code) => {
    expect(codeOf({ "/pets": list([parameter]) })).toContain(`queryOf({ ${code} })`);
  });

  const inPath = (name: string, schema: object = text) => ({ name, in: "path", required: true, schema });
  const at = (path: string, ...parameters: object[]) => codeOf({ [path]: list(parameters, ref("Pet")) });

  test("is a path of OData as it is, its keys in quotes too", () => {
    expect(at("/Users('{id}')/$count", inPath("id"))).toContain(
      `path: (key: string) => path\`/Users('\${key}')/$count\``,
    );
    expect(at("/Pets({id})", inPath("id", integer))).toContain(
      `path: (key: number) => path\`/Pets(\${key})\`, body: petBody, notFound: "null"`,
    );
  });

  test("is a list in a path with commas", () => {
    expect(at("/pets/{ids}", inPath("ids", plainList))).toContain(
      `path: (key: readonly string[]) => path\`/pets/\${key}\``,
    );
  });

  test("has the query that a path says itself, and nothing of its fragment", () => {
    expect(at("/pets?action=find&by={name}#again", inPath("name"))).toContain(
      'path: "/pets", query: (key: string) => queryOf({ action: "find", by: key })',
    );
  });

  test("has one name in the path and in the query apart", () => {
    const code = at("/pets/{id}", inPath("id"), query("id", integer));
    expect(code).toContain("readonly id: string; readonly idInQuery?: number;");
    expect(code).toContain(`path\`/pets/\${query.id}\`, query: (query: PetsQuery) => queryOf({ id: query.idInQuery })`);
  });

  test("asks for the JSON that the service has", () => {
    const content = { "application/hal+json; charset=utf-8": { schema: ref("Pet") } };
    const code = codeOf({ "/pets": { get: { responses: { "2XX": { description: "", content } } } } });
    expect(code).toContain('headers: { accept: "application/json, application/hal+json", ...options.headers }');
  });

  test("goes to one server: an operation that has another is left out, and the reason says so", () => {
    const other = { ...list([]).get, operationId: "other", servers: [{ url: "https://files.test" }] };
    const { reads, leftOut } = planOf({ "/pets": list([]), "/files": { get: other } });
    expect(reads.map(({ name }) => name)).toEqual(["pets"]);
    expect(leftOut).toMatchObject([{ words: expect.stringContaining("it is at https://files.test, another server") }]);
  });

  test("may be answered in several ways", () => {
    const answer = (schema: object) => ({ description: "", content: { "application/json": { schema } } });
    const responses = {
      202: answer(text),
      200: answer(ref("Pet")),
      204: { description: "" },
      default: answer(integer),
    };
    expect(codeOf({ "/pets": { get: { operationId: "pets", responses } } })).toContain(
      "z.union([petBody, z.string()])",
    );
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

  test("for a text whose schema is described as such a list, with the most keys that it says", () => {
    const described = { ...text, description: "A comma-separated list of the IDs of the pets. Maximum: 20 IDs." };
    const [batch] = planOf({
      "/pets": list([query("ids", described)], { type: "object", properties: { pets } }),
    }).batches;
    expect(batch?.proposal).toMatchObject({
      maxKeys: 20,
      keyParameter: { keys: 'commaList("ids")' },
      reader: "oneByKey",
    });
  });

  test("with few keys, where a list has pages and nothing says how large they are", () => {
    const [batch] = planOf({ "/pets": list([query("ids", ids), query("page", integer)]) }).batches;
    expect(batch?.proposal.maxKeys).toBe(10);
  });

  const owned = (more: object = {}) => ({
    type: "array",
    items: {
      type: "object",
      properties: { id: integer, ownerId: integer, type: text, kind: { enum: ["cat", "dog"] }, ...more },
    },
  });
  const texts = { type: "array", items: text };

  test.each([
    ["a field that a list is filtered by", { "/pets": list([query("type", texts, { explode: false })], owned()) }],
    ["one of a few values", { "/pets": list([query("kinds", texts)], owned()) }],
    [
      "many rows of a key in a list that has pages",
      { "/pets": list([query("ownerIds", ids), query("page", integer)], owned()) },
    ],
    ["others than those that it is asked about", { "/pets/similar": list([query("ids", ids)], owned()) }],
  ])("and not for %s", (_what, paths) => {
    expect(planOf(paths).batches).toEqual([]);
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
    expect(code).toContain('query: new URLSearchParams({ limit: "50" })');
    expect(code).toContain("maxKeys: 50");
    expect(code).toContain("at most 50 keys per call, since a page has as many rows (limit)");
  });

  test("with the read of one row, for the probe to compare", () => {
    const code = codeOf({ "/pets": list([query("ids", ids)]), "/pets/{petId}": one });
    expect(code).toContain(`single: { path: (key: RestKey) => path\`/pets/\${key}\`, body: petBody }`);
    expect(code).toContain("keyOf: (row: Pet) => row.id");
    expect(code).toContain("petsByIds: reads.oneByKey(petsByIds),");
  });
});
