/**
 * A document with this text in every location that takes one. Names have a prefix, which makes them unique.
 */
export function apiWithText(text: string, pathText = text): object {
  const name = (where: string) => `${where} ${text.toWellFormed()}`;
  const value = `value ${pathText}`;
  const schema = (where: string) => `S${name(where)}`;
  const words = { title: text, description: text, "x-note": text };
  const ref = (where: string) => ({ $ref: `#/components/schemas/${pointer(schema(where))}` });
  return {
    openapi: "3.1.0",
    info: { title: text, version: text, description: text },
    servers: [{ url: `https://pets.test/${encodeURI(text.toWellFormed())}`, description: text }],
    tags: [{ name: text, description: text }],
    security: [{ [name("scheme")]: [text] }],
    paths: {
      [`/a/${pathText}`]: {
        summary: text,
        get: operation(text, name, ref("row")),
      },
      [`/b/{${value}}/${pathText}/c`]: {
        parameters: [{ name: value, in: "path", required: true, description: text, schema: { type: "string" } }],
        get: { ...operation(text, name, ref("row")), operationId: name("other"), deprecated: true },
      },
      "/rows": {
        get: {
          summary: text,
          parameters: [
            { name: "ids", in: "query", description: text, schema: { type: "array", items: { type: "integer" } } },
          ],
          responses: {
            200: {
              description: text,
              content: { "application/json": { schema: { type: "array", items: ref("row") } } },
            },
          },
        },
      },
    },
    components: {
      securitySchemes: { [name("scheme")]: { type: "apiKey", in: "header", name: text, description: text } },
      schemas: {
        [schema("row")]: {
          ...words,
          type: "object",
          required: [name("property"), text],
          properties: {
            id: { type: "integer", ...words },
            [name("property")]: { type: "string", ...words, default: text, format: text, pattern: text },
            [`${name("property")}2`]: { enum: [text, `${text}!`], ...words },
            kind: { const: text },
            any: ref("tagged"),
            [name("map")]: { type: "object", additionalProperties: { type: "string", default: text }, ...words },
          },
        },
        [schema("tagged")]: {
          ...words,
          oneOf: [ref("one"), ref("two")],
          discriminator: {
            propertyName: name("tag"),
            mapping: { [text]: `#/components/schemas/${pointer(schema("one"))}` },
          },
        },
        [schema("one")]: { type: "object", required: [name("tag")], properties: { [name("tag")]: { type: "string" } } },
        [schema("two")]: {
          type: "object",
          required: [name("tag")],
          properties: { [name("tag")]: { const: `${text}?` } },
        },
      },
    },
  };
}

function operation(text: string, name: (where: string) => string, schema: object) {
  const parameter = (where: string, more: object) => ({
    name: name(where),
    in: "query",
    description: text,
    schema: { type: "string", default: text },
    ...more,
  });
  return {
    operationId: name("operation"),
    summary: text,
    description: text,
    tags: [text],
    parameters: [
      parameter("filter", {}),
      parameter("list", { explode: false, schema: { type: "array", items: { enum: [text, "b"] } } }),
      parameter("json", { content: { "application/json": { schema: { type: "object" } } } }),
      parameter("header", { in: "header", required: true }),
    ],
    responses: { 200: { description: text, content: { "application/json": { schema } } } },
  };
}

const pointer = (name: string): string => encodeURIComponent(name.replaceAll("~", "~0").replaceAll("/", "~1"));
