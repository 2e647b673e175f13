import { type GraphQLResolveInfo, parse } from "graphql";
import { toyGateway } from "tributary-testing/toy-gateway.ts";
import { expect, test } from "vitest";
import { answerOf, schemaOf } from "./support/ask.ts";
import { execute } from "./under-test.ts";

/** Resolvers that change their arguments and `info`: the next row, the next field and the next request are not affected. */

const sdl = `
  input Filter { tags: [String!] inner: Filter }
  type Query { items(filter: Filter = { tags: ["default"], inner: { tags: ["inner"] } }, ids: [Int!] = [1, 2]): [Item] }
  type Item { n(filter: Filter = { tags: ["default"], inner: { tags: ["inner"] } }, ids: [Int!] = [1, 2]): String }`;

type Args = { filter: { tags: string[]; inner?: { tags: string[] } }; ids: number[] };

/** Returns its parameters as text, and then changes all of them. */
function spoil(args: Args, info: GraphQLResolveInfo): string {
  const words = `${JSON.stringify(args)} ${info.fieldNodes.length} ${info.fieldName}`;
  args.filter.tags.push("spoilt");
  args.filter.inner?.tags.splice(0);
  args.filter = { tags: [] };
  args.ids.length = 0;
  (info.fieldNodes as unknown[]).length = 0;
  try {
    Object.assign(info.getAsyncHelpers(), { track: undefined });
  } catch {
    // It is frozen.
  }
  return words;
}

const resolvers = {
  Query: {
    fields: {
      items: (_source: unknown, args: unknown, _context: unknown, info: GraphQLResolveInfo) => {
        const words = spoil(args as Args, info);
        return [{ words }, { words }];
      },
    },
  },
  Item: {
    fields: {
      n: (source: unknown, args: unknown, _context: unknown, info: GraphQLResolveInfo) =>
        `${(source as { words: string }).words}; ${spoil(args as Args, info)}`,
    },
  },
};

const asDefault = `{"filter":{"tags":["default"],"inner":{"tags":["inner"]}},"ids":[1,2]} 1`;
const asGiven = `{"filter":{"tags":["a"]},"ids":[7]} 1`;

test.each([
  ["a default value", "{ items { n } }", asDefault],
  ["a literal", `{ items(filter: { tags: ["a"] }, ids: [7]) { n(filter: { tags: ["a"] }, ids: 7) } }`, asGiven],
  ["a variable", "query ($f: Filter, $i: [Int!]) { items(filter: $f, ids: $i) { n(filter: $f, ids: $i) } }", asGiven],
])("arguments from %s, and the nodes of a field", async (_what, text, given) => {
  const schema = schemaOf(sdl, resolvers);
  const document = parse(text);
  const variableValues = { f: { tags: ["a"] }, i: [7] };
  const words = `${given} items; ${given} n`;
  for (let request = 0; request < 3; request++) {
    expect(await answerOf(execute({ schema, document, variableValues }))).toEqual({
      data: { items: [{ n: words }, { n: words }] },
    });
  }
  expect(variableValues).toEqual({ f: { tags: ["a"] }, i: [7] });
});

test("the document of a gateway, which requests share", async () => {
  const spoilDocument = (_args: unknown, info: GraphQLResolveInfo): string => {
    const { operation, fragments } = info;
    for (const node of [
      operation,
      operation.selectionSet,
      fragments.F,
      fragments.F?.selectionSet,
      ...info.fieldNodes,
    ]) {
      for (const [name, value] of Object.entries(node ?? {})) {
        Reflect.set(node ?? {}, name, undefined);
        if (Array.isArray(value)) Reflect.apply(Array.prototype.reverse, [], []);
        if (typeof value === "object" && value !== null) Reflect.deleteProperty(value, "value");
      }
    }
    return "here";
  };
  const toy = toyGateway("type Query { a: String b: String }", {
    Query: { a: (_source, args, _context, info) => spoilDocument(args, info), b: () => "b" },
  });
  for (let request = 0; request < 3; request++) {
    expect(await toy.ask("query Q { first: a ...F } fragment F on Query { b second: a }")).toEqual({
      data: { first: "here", b: "b", second: "here" },
    });
  }
});
