import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import {
  type DocumentNode,
  GraphQLInt,
  GraphQLString,
  execute as graphqlExecute,
  Kind,
  type NameNode,
  parse,
  visit,
} from "graphql";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { createExecutor } from "../../../../src/gateway/execution/breadth-first/execute.ts";
import { schemaOf } from "./support/ask.ts";
import { execute } from "./under-test.ts";

const schema = schemaOf(
  "type Query { items: [Item] } type Item { id: Int name: String class: Int constructor: String toString: Int }",
);
/** More of them than an executor waits for before it compiles. */
const items = Array.from({ length: 300 }, (_, id) => ({ id, name: `item ${id}`, class: id, constructor: "c" }));
const text = `{ items {
  id name class constructor new: id this: name prototype: id __proto__: name then: id valueOf: id arguments: id eval: id } }`;

const answer = (execute: typeof graphqlExecute, document: DocumentNode): string =>
  JSON.stringify(execute({ schema, document, rootValue: { items } }));

/** Counts the times that JavaScript is made of a string. */
const countCompiled = () => vi.spyOn(globalThis, "Function");

afterEach(() => vi.restoreAllMocks());

describe("a selection set that is executed for many objects", () => {
  test("is compiled once, with the same result for any name", () => {
    const compiled = countCompiled();
    const { execute } = createExecutor();
    const document = parse(text);
    const expected = answer(graphqlExecute, document);
    for (let round = 0; round < 3; round++) expect(answer(execute, document)).toBe(expected);
    expect(compiled).toHaveBeenCalledTimes(1);
  });

  test("is not compiled where that is switched off", () => {
    const compiled = countCompiled();
    const { execute } = createExecutor({ compileAfter: false });
    const document = parse(text);
    for (let round = 0; round < 3; round++) expect(answer(execute, document)).toBe(answer(graphqlExecute, document));
    expect(compiled).not.toHaveBeenCalled();
  });

  test("is not compiled with a name that no parser accepts", () => {
    const compiled = countCompiled();
    const forged = "id = (globalThis.isForged = true), this.id";
    const document = visit(parse("{ items { ordinary: id name } }"), {
      [Kind.NAME]: (name): NameNode | undefined =>
        name.value === "ordinary" ? { kind: Kind.NAME, value: forged } : undefined,
    });
    const { execute } = createExecutor();
    for (let round = 0; round < 3; round++) expect(answer(execute, document)).toBe(answer(graphqlExecute, document));
    expect(compiled).not.toHaveBeenCalled();
    expect(globalThis).not.toHaveProperty("isForged");
  });
});

test("a process that forbids code from strings has the same results", async () => {
  const executor = fileURLToPath(
    new URL("../../../../src/gateway/execution/breadth-first/execute.ts", import.meta.url),
  );
  const script = `
    import { buildSchema, parse } from "graphql";
    import { execute } from ${JSON.stringify(executor)};
    const schema = buildSchema("type Query { items: [Item] } type Item { id: Int }");
    const items = Array.from({ length: 300 }, (_, id) => ({ id }));
    const document = parse("{ items { id } }");
    execute({ schema, document, rootValue: { items } });
    console.log(execute({ schema, document, rootValue: { items } }).data.items.length);`;
  const forbidding = ["--disallow-code-generation-from-strings", "--input-type=module", "--eval", script];
  expect((await promisify(execFile)(process.execPath, forbidding)).stdout).toBe("300\n");
});

test("a scalar of the specification whose coercion is replaced is called from then on, in properties and lists, until it is restored", () => {
  const bent = schemaOf("type Query { items: [Item] } type Item { word: String words: [String] number: Int! }");
  const document = parse("{ items { word words number } }");
  const items = Array.from({ length: 300 }, () => ({ word: "a", words: ["b"], number: 1 }));
  const first = () =>
    (execute({ schema: bent, document, rootValue: { items } }) as { data: { items: object[] } }).data.items[0];
  const plain = { word: "a", words: ["b"], number: 1 };
  expect(first()).toEqual(plain);
  const { coerceOutputValue } = GraphQLString;
  const ofInt = GraphQLInt.coerceOutputValue;
  onTestFinished(() => void Object.assign(GraphQLString, { coerceOutputValue }));
  onTestFinished(() => void Object.assign(GraphQLInt, { coerceOutputValue: ofInt }));
  GraphQLString.coerceOutputValue = (value) => `bent ${value}`;
  GraphQLInt.coerceOutputValue = (value) => Number(value) + 1;
  for (let time = 0; time < 3; time++) expect(first()).toEqual({ word: "bent a", words: ["bent b"], number: 2 });
  Object.assign(GraphQLString, { coerceOutputValue });
  Object.assign(GraphQLInt, { coerceOutputValue: ofInt });
  expect(first()).toEqual(plain);
});
