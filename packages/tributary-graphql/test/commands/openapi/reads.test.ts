import { describe, expect, test } from "vitest";
import { api, ref, respondingWith, serviceOf } from "./support/documents.ts";

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
    ...respondingWith(ref("Pet")),
  },
};
const list = (parameters: object[], schema: object = pets, headers: object = {}) => ({
  get: { operationId: "pets", parameters, ...respondingWith(schema, headers) },
});
const planOf = (paths: object) => serviceOf(api(paths, { Pet: pet })).plan;
const codeOf = (paths: object) => serviceOf(api(paths, { Pet: pet })).code.replaceAll(/\s+/g, " ");

describe("a read", () => {
  test("with one placeholder in its path takes a key, and 404 is null", () => {
    expect(codeOf({ "/pets/{petId}": one })).toContain(
      `petById: reads.single({ call: "petById", path: (key: number) => path\`/pets/\${key}\`, body: petBody, notFound: "null" }),`,
    );
  });

  test("with more parameters takes an object, whose arrays are encoded as in the document", () => {
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
    ["that is not a GET", { "/pets": { delete: respondingWith(pets) } }, "it is not a read"],
    [
      "with an image as response",
      { "/pets": { get: { responses: { 200: { description: "", content: { "image/png": {} } } } } } },
      "its response is image/png and not JSON",
    ],
    [
      "without a response body",
      { "/pets": { get: { responses: { 204: { description: "" } } } } },
      "its response has no body (204)",
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
  ])("%s is left out, with a reason", (_what, paths, message) => {
    expect(planOf(paths)).toMatchObject({ reads: [], leftOut: [{ message }] });
  });

  test("that needs a header has a note", () => {
    const paths = { "/pets": list([{ ...query("X-Tenant", text), in: "header", required: true }]) };
    expect(planOf(paths).notes).toMatchObject([{ message: expect.stringContaining("X-Tenant") }]);
  });
});

describe("a paged list is followed", () => {
  const page = query("page", integer);
  const size = query("per_page", { type: "integer", maximum: 50 });
  const envelope = (more: object) => ({ type: "object", properties: { data: pets, ...more } });

  test.each([
    ["by the header Link, if it is documented", [page], pets, { Link: {} }, "next: linkHeader()"],
    [
      "by page numbers, if the page size is documented",
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

  test("with its rows in an envelope", () => {
    const code = codeOf({ "/pets": list([query("cursor", text)], envelope({ next: text })) });
    expect(code).toContain("items: (body: PetsAnswer) => body.data ?? [],");
  });

  const total = { type: "object", properties: { items: pets, total: integer, offset: integer, limit: integer } };
  const nextUrl = { type: "string", nullable: true, description: "URL to the next page of items. (`null` if none)" };

  test.each<[string, object[], object, string]>([
    [
      "by the next page's URL, when only its description says so",
      [query("offset", integer), query("limit", integer)],
      { ...total, properties: { ...total.properties, next: nextUrl } },
      "next: (url, page) => (page === null ? url.href : page.body.next || null)",
    ],
    [
      "by row offsets, until the total",
      [query("offset", integer), query("limit", { type: "integer", maximum: 50 })],
      total,
      'rowOffset({ parameter: "offset", sizeParameter: "limit", size: 50, totalOf: (body: PetsAnswer) => body.total })',
    ],
    [
      "by row offsets, without a page size",
      [query("skip", integer), query("limit", integer)],
      total,
      'rowOffset({ parameter: "skip", totalOf: (body: PetsAnswer) => body.total })',
    ],
    [
      "by row offsets, with a page size",
      [query("offset", integer), query("limit", { type: "integer", maximum: 50 })],
      pets,
      'rowOffset({ parameter: "offset", sizeParameter: "limit", size: 50 })',
    ],
    [
      "by the id of the last row, while the body has a flag for more",
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

  test("and the number of rows of a page is not the total", () => {
    const code = codeOf({ "/pets": list([page, size], envelope({ count: integer })) });
    expect(code).toContain('pageNumber({ parameter: "page", sizeParameter: "per_page", size: 50 })');
  });

  test.each([
    ["the page size is unknown", [page], pets],
    ["its pages have row offsets without a size", [query("offset", integer), query("limit", integer)], pets],
    ["it has no rows", [page, size], ref("Pet")],
  ])("and not when %s: then it is a single call with all its parameters", (_why, parameters, schema) => {
    const [read] = planOf({ "/pets": list(parameters, schema) }).reads;
    expect(read?.pages).toBeUndefined();
    expect(read?.arguments.query).toHaveLength(parameters.length);
  });
});

describe("a request", () => {
  const plainList = { type: "array", items: text };
  test.each([
    ["an array with commas", query("a", plainList, { explode: false }), 'a: joined(query.a, ",")'],
    [
      "an array with spaces",
      query("a", plainList, { style: "spaceDelimited", explode: false }),
      'a: joined(query.a, " ")',
    ],
    [
      "an array with bars",
      query("a", plainList, { style: "pipeDelimited", explode: false }),
      'a: joined(query.a, "|")',
    ],
    ["a repeated parameter", query("a", plainList), "a: query.a"],
    ["unencoded reserved characters", query("a", text, { allowReserved: true }), "a: reserved(query.a)"],
    [
      "JSON",
      { name: "a", in: "query", content: { "application/json": { schema: {} } } },
      "a: query.a === undefined ? undefined : JSON.stringify(query.a)",
    ],
  ])("has %s as in the document", (_what, parameter, code) => {
    expect(codeOf({ "/pets": list([parameter]) })).toContain(`queryOf({ ${code} })`);
  });

  const inPath = (name: string, schema: object = text) => ({ name, in: "path", required: true, schema });
  const at = (path: string, ...parameters: object[]) => codeOf({ [path]: list(parameters, ref("Pet")) });

  test("has the paths of OData unchanged, with keys in quotes too", () => {
    expect(at("/Users('{id}')/$count", inPath("id"))).toContain(
      `path: (key: string) => path\`/Users('\${key}')/$count\``,
    );
    expect(at("/Pets({id})", inPath("id", integer))).toContain(
      `path: (key: number) => path\`/Pets(\${key})\`, body: petBody, notFound: "null"`,
    );
  });

  test("has an array in a path with commas", () => {
    expect(at("/pets/{ids}", inPath("ids", plainList))).toContain(
      `path: (key: readonly string[]) => path\`/pets/\${key}\``,
    );
  });

  test("has the query of a path, and not its fragment", () => {
    expect(at("/pets?action=find&by={name}#again", inPath("name"))).toContain(
      'path: "/pets", query: (key: string) => queryOf({ action: "find", by: key })',
    );
  });

  test("can have a parameter of the same name in the path and in the query", () => {
    const code = at("/pets/{id}", inPath("id"), query("id", integer));
    expect(code).toContain("readonly id: string; readonly idInQuery?: number;");
    expect(code).toContain(`path\`/pets/\${query.id}\`, query: (query: PetsQuery) => queryOf({ id: query.idInQuery })`);
  });

  test("accepts the JSON media type of the service", () => {
    const content = { "application/hal+json; charset=utf-8": { schema: ref("Pet") } };
    const code = codeOf({ "/pets": { get: { responses: { "2XX": { description: "", content } } } } });
    expect(code).toContain('headers: { accept: "application/json, application/hal+json", ...options.headers }');
  });

  test("goes to one server: an operation with another server is left out, with a reason", () => {
    const other = { ...list([]).get, operationId: "other", servers: [{ url: "https://files.test" }] };
    const { reads, leftOut } = planOf({ "/pets": list([]), "/files": { get: other } });
    expect(reads.map(({ name }) => name)).toEqual(["pets"]);
    expect(leftOut).toMatchObject([{ message: expect.stringContaining("it has another server, https://files.test") }]);
  });

  test("may have several responses", () => {
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
    ["for a repeated parameter", query("ids", ids), 'repeated("ids")', "oneByKey", 100],
    ["for a comma-separated array", query("id", ids, { explode: false }), 'commaList("id")', "oneByKey", 100],
    [
      "for a string that is described as comma-separated",
      query("petIds", text, { description: "Comma-separated ids, at most 25." }),
      'commaList("petIds")',
      "oneByKey",
      25,
    ],
    [
      "for the name of the row with its key",
      query("pet_ids", { ...ids, maxItems: 30 }),
      'repeated("pet_ids")',
      "oneByKey",
      30,
    ],
    [
      "for a field that does not identify a row: many rows",
      query("ownerIds", ids),
      'repeated("ownerIds")',
      "manyByKey",
      100,
    ],
    ["with brackets in the name, as in some APIs", query("id[]", ids), 'repeated("id[]")', "oneByKey", 100],
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
      ...respondingWith(pets),
    };
    const { batches, leftOut } = planOf({ "/pets/lookup": { post } });
    expect(batches).toMatchObject([{ proposal: { keyParameter: { keys } } }]);
    expect(batches[0]?.proposal.assumptions).toContain("the POST has no side effect");
    expect(leftOut).toEqual([]);
  });

  test("but not for a POST whose id says that it writes", () => {
    const post = {
      operationId: "bulkDeletePets",
      requestBody: { content: { "application/json": { schema: ids } } },
      ...respondingWith(pets),
    };
    expect(planOf({ "/pets/bulk": { post } })).toMatchObject({
      batches: [],
      leftOut: [{ message: "it is not a read" }],
    });
  });

  test("for a string whose schema is described as comma-separated, with the described maximum", () => {
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

  test("with few keys, if a list is paged and its page size is unknown", () => {
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
    ["a filter", { "/pets": list([query("type", texts, { explode: false })], owned()) }],
    ["an enumeration", { "/pets": list([query("kinds", texts)], owned()) }],
    ["many rows per key in a paged list", { "/pets": list([query("ownerIds", ids), query("page", integer)], owned()) }],
    ["rows that are related to the requested ones", { "/pets/similar": list([query("ids", ids)], owned()) }],
  ])("and not for %s", (_what, paths) => {
    expect(planOf(paths).batches).toEqual([]);
  });

  test.each([
    ["no row has such a field", { "/pets": list([query("statuses", ids)]) }],
    ["the field is an array", { "/pets": list([query("tags", { type: "array", items: text })]) }],
    ["the response has no rows", { "/pets": list([query("ids", ids)], ref("Pet")) }],
    ["it takes one value", { "/pets": list([query("id", integer)]) }],
  ])("and not when %s", (_why, paths) => {
    expect(planOf(paths).batches).toEqual([]);
  });

  test("and not when other parameters are required, which is noted", () => {
    const { batches, notes } = planOf({ "/pets": list([query("ids", ids), query("shop", text, { required: true })]) });
    expect(batches).toEqual([]);
    expect(notes).toMatchObject([{ message: expect.stringContaining("other parameters are required too") }]);
  });

  test("with the largest page, and not more keys than its size", () => {
    const code = codeOf({ "/pets": list([query("ids", ids), query("limit", { type: "integer", maximum: 50 })]) });
    expect(code).toContain('query: new URLSearchParams({ limit: "50" })');
    expect(code).toContain("maxKeys: 50");
    expect(code).toContain("at most 50 keys per call, the size of a page (limit)");
  });

  test("with the read of one row, which the probe compares", () => {
    const code = codeOf({ "/pets": list([query("ids", ids)]), "/pets/{petId}": one });
    expect(code).toContain(`single: { path: (key: RestKey) => path\`/pets/\${key}\`, body: petBody }`);
    expect(code).toContain("keyOf: (row: Pet) => row.id");
    expect(code).toContain("petsByIds: reads.oneByKey(petsByIds),");
  });
});
