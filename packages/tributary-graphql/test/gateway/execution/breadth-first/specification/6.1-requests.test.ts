import { expect, test } from "vitest";
import { ask, run, schemaOf } from "../support/ask.ts";

const sdl = "type Query { a: Int b: Int }";
const root = { a: 1, b: 2 };

test("6.1 GetOperation: the only operation is executed without a name", async () => {
  expect(await ask(sdl, "query Named { a }", root)).toEqual({ data: { a: 1 } });
  expect(await ask(sdl, "{ a }", root, { operationName: null })).toEqual({ data: { a: 1 } });
});

test("6.1 GetOperation: of several operations the named one is executed", async () => {
  const text = "query First { a } query Second { b }";
  expect(await ask(sdl, text, root, { operationName: "Second" })).toEqual({ data: { b: 2 } });
  expect(await ask(sdl, text, root, { operationName: "First" })).toEqual({ data: { a: 1 } });
});

test("6.1 GetOperation: several operations without a name are a request error", async () => {
  expect(await ask(sdl, "query First { a } query Second { b }", root)).toEqual({
    errors: [{ message: "Must provide operation name if query contains multiple operations." }],
  });
});

test("6.1 GetOperation: a name that no operation has is a request error", async () => {
  const unknown = { errors: [{ message: 'Unknown operation named "Third".' }] };
  expect(await ask(sdl, "query First { a } query Second { b }", root, { operationName: "Third" })).toEqual(unknown);
  expect(await ask(sdl, "{ a }", root, { operationName: "Third" })).toEqual(unknown);
  expect(await ask(sdl, "{ a }", root, { operationName: "" })).toEqual({
    errors: [{ message: 'Unknown operation named "".' }],
  });
});

test("6.1 GetOperation: a document without an operation is a request error", async () => {
  expect(await ask(sdl, "fragment F on Query { a }", root)).toEqual({
    errors: [{ message: "Must provide an operation." }],
  });
});

test("6.1 ExecuteRequest: the kind of operation decides which root type is executed", async () => {
  const all = "type Query { a: String } type Mutation { a: String } type Subscription { a: String }";
  const types = {
    a: (_args: unknown, _context: unknown, { parentType }: { parentType: unknown }) => String(parentType),
  };
  for (const [kind, type] of [
    ["query", "Query"],
    ["mutation", "Mutation"],
    ["subscription", "Subscription"],
  ]) {
    expect(await ask(all, `${kind} { a __typename }`, types)).toEqual({ data: { a: type, __typename: type } });
  }
});

test("6.1 ExecuteRequest: an operation that the schema has no root type for fails as a whole", async () => {
  expect(await ask(sdl, "mutation { a }", root)).toEqual({
    data: null,
    errors: [
      { message: "Schema is not configured to execute mutation operation.", locations: [{ line: 1, column: 1 }] },
    ],
  });
});

test("6.1.1 Validating Requests: a schema that is not valid is not executed", () => {
  expect(() => run(schemaOf("type Mutation { a: Int }"), "mutation { a }")).toThrow(
    "Query root type must be provided.",
  );
});
