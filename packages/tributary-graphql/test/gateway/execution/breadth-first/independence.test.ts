import { type GraphQLResolveInfo, parse } from "graphql";
import { expect, test } from "vitest";
import { answerOf, schemaOf } from "./support/ask.ts";
import { execute } from "./under-test.ts";

const schema = schemaOf(`
  type Query { echo(v: Int): Int box: Box boxes: [Box] more: Int }
  type Box { owner: String echo(v: Int = 7): Int strict: Int! box: Box }`);

const document = parse(`
  query First($v: Int, $more: Boolean! = false) { echo(v: $v) box { ...B } boxes { ...B } more @include(if: $more) }
  query Second($v: Int) { boxes { echo(v: $v) } }
  fragment B on Box { owner echo(v: $v) }`);

const echo = ({ v }: { v?: number }) => v;
const later = async ({ v }: { v?: number }) => {
  for (let turns = 0; turns < (v ?? 0) % 5; turns++) await undefined;
  return v;
};
const owner = (_args: unknown, context: { name: string }) => context.name;

test("a document that is executed again answers by its new variables, context, root value and operation", async () => {
  const ask = (v: number | undefined, name: string, operationName: string, more?: boolean) =>
    answerOf(
      execute({
        schema,
        document,
        operationName,
        variableValues: { v, more },
        contextValue: { name },
        rootValue: {
          echo,
          box: { owner, echo },
          boxes: Array.from({ length: v ?? 0 }, () => ({ owner, echo })),
          more: v,
        },
      }),
    );
  for (const [v, name] of [
    [1, "a"],
    [2, "b"],
    [1, "c"],
  ] as const) {
    const box = { owner: name, echo: v };
    expect(await ask(v, name, "First")).toEqual({
      data: { echo: v, box, boxes: Array.from({ length: v }, () => box) },
    });
    expect(await ask(v, name, "First", true)).toMatchObject({ data: { more: v } });
    expect(await ask(v, name, "Second")).toEqual({ data: { boxes: Array.from({ length: v }, () => ({ echo: v })) } });
  }
  expect(await ask(undefined, "d", "First")).toEqual({ data: { echo: null, box: { owner: "d", echo: 7 }, boxes: [] } });
});

test("executions of one document that are under way together do not meet", async () => {
  const one = async (v: number) => {
    const name = `context ${v}`;
    const box = { owner: async (_args: unknown, context: { name: string }) => context.name, echo: later };
    const answer = await answerOf(
      execute({
        schema,
        document,
        operationName: "First",
        variableValues: { v },
        contextValue: { name },
        rootValue: { echo: later, box: async () => box, boxes: Array.from({ length: v % 4 }, () => box) },
      }),
    );
    const expected = { owner: name, echo: v };
    expect(answer).toEqual({ data: { echo: v, box: expected, boxes: Array.from({ length: v % 4 }, () => expected) } });
  };
  await Promise.all(Array.from({ length: 100 }, (_, v) => one(v)));
});

test("an execution that fails leaves nothing to the next of its document", async () => {
  const text = parse("{ boxes { strict owner } }");
  const strict = () => Promise.reject(new Error("no"));
  const ask = (boxes: unknown) =>
    answerOf(execute({ schema, document: text, rootValue: { boxes }, contextValue: { name: "n" } }));
  expect(
    await ask([
      { strict, owner },
      { strict: 1, owner },
    ]),
  ).toMatchObject({ data: { boxes: [null, { strict: 1 }] } });
  expect(await ask([{ strict: 2, owner }])).toEqual({ data: { boxes: [{ strict: 2, owner: "n" }] } });
  expect(
    await ask(() => {
      throw new Error("no");
    }),
  ).toMatchObject({ data: { boxes: null }, errors: [{ path: ["boxes"] }] });
  expect(await ask([{ strict: 3, owner }])).toEqual({ data: { boxes: [{ strict: 3, owner: "n" }] } });
});

test("an answer that its receiver changes is not that of the next execution", async () => {
  const text = parse("{ boxes { echo } }");
  const args = { schema, document: text, rootValue: { boxes: [{ echo }] } };
  const first = await execute(args);
  const data = first.data as { boxes: { echo: number }[] };
  data.boxes.push({ echo: 9 });
  for (const box of data.boxes) box.echo = 8;
  expect(await answerOf(execute(args))).toEqual({ data: { boxes: [{ echo: 7 }] } });
});

test("one document is executed by two schemas, each by its own types", async () => {
  const text = parse("{ box { __typename ... on Crate { echo } ... on Box { echo } } }");
  const other = schemaOf("type Query { box: Crate } type Crate { echo: String }");
  const rootValue = { box: { echo: 5 } };
  for (let round = 0; round < 2; round++) {
    expect(await answerOf(execute({ schema, document: text, rootValue }))).toEqual({
      data: { box: { __typename: "Box", echo: 5 } },
    });
    expect(await answerOf(execute({ schema: other, document: text, rootValue }))).toEqual({
      data: { box: { __typename: "Crate", echo: "5" } },
    });
  }
});

test("a resolver that is put into a schema after an execution is called by the next", async () => {
  const changing = schemaOf("type Query { n: Int }");
  const text = parse("{ n }");
  expect(await answerOf(execute({ schema: changing, document: text, rootValue: { n: 1 } }))).toEqual({
    data: { n: 1 },
  });
  const field = changing.getQueryType()?.getFields().n;
  if (field) field.resolve = () => 2;
  expect(await answerOf(execute({ schema: changing, document: text, rootValue: { n: 1 } }))).toEqual({
    data: { n: 2 },
  });
});

test("a resolver may execute the same document itself", async () => {
  const nested = schemaOf("type Query { n(depth: Int!): Int }");
  const text = parse("query ($depth: Int!) { n(depth: $depth) }");
  const n = async ({ depth }: { depth: number }, _context: unknown, info: GraphQLResolveInfo): Promise<number> => {
    expect(info.variableValues.coerced.depth).toBe(depth);
    if (depth === 0) return 0;
    const { data } = await execute({
      schema: nested,
      document: text,
      rootValue: { n },
      variableValues: { depth: depth - 1 },
    });
    expect(info.variableValues.coerced.depth).toBe(depth);
    return (data?.n as number) + 1;
  };
  expect(
    await answerOf(execute({ schema: nested, document: text, rootValue: { n }, variableValues: { depth: 5 } })),
  ).toEqual({
    data: { n: 5 },
  });
});
