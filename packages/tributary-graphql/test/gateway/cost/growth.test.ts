import { buildSchema } from "graphql";
import { describe, expect, test } from "vitest";
import { CallLog } from "../../../src/core/call-log.ts";
import { CostEstimator } from "../../../src/gateway/cost/cost-estimator.ts";
import { ParsedDocument } from "../../../src/gateway/security/checked-documents.ts";
import { parseDocument } from "../../../src/gateway/security/parse-document.ts";
import { noLimits } from "./support/estimate.ts";

const many = (count: number, part: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => part(at)).join(" ");

/** An interface with so many possible types. */
const sdl = (types: number): string => `
  type Query { n: N }
  interface N { id: ID n: N }
  ${many(types, (at) => `type T${at} implements N { id: ID n: N own${at}: N }`)}
`;

const chain = (depth: number): string => `${"n { ".repeat(depth)}id${" }".repeat(depth)}`;

/** On each level a fragment for one type: with two choices per level, there are 2^depth combinations of selections. */
const choices = (depth: number): string =>
  depth === 0 ? "id" : `n { ${choices(depth - 1)} } ... on T0 { n { ${chain(depth - 1)} } }`;

/** Each fragment spreads the next one twice. */
const doubling = (levels: number): string => `
  { n { ...F0 } }
  ${many(levels, (at) => `fragment F${at} on N { x: n { ...F${at + 1} } y: n { ...F${at + 1} } }`)}
  fragment F${levels} on N { id }
`;

const nested = (depth: number): object => (depth === 0 ? { id: "1" } : { id: "1", n: nested(depth - 1) });

function costOf(query: string, types: number, max: number) {
  const parsed = new ParsedDocument(query, parseDocument(query, noLimits));
  const operation = parsed.operation(undefined);
  if (operation === undefined) throw new Error("Expected a document with one operation.");
  return new CostEstimator(buildSchema(sdl(types)), max).costOf(parsed, operation, {}, new CallLog());
}

// Exponential time, or the square of the number of types on each level, would not end within the time limit of a test.
describe.each([[3], [300]])("with an interface of %i types", (types) => {
  test.each([
    ["nested fields", `{ ${chain(90)} }`, 91],
    ["choices between fragments on each level", `{ n { ${choices(60)} } }`, 1892],
    ["fragments that spread each other twice", doubling(40), 2 ** 41],
    ["fragments for each type", `{ n { ${many(types, (at) => `... on T${at} { own${at} { ${chain(20)} } }`)} } }`, 23],
    ["thousands of aliases", `{ ${many(3000, (at) => `a${at}: n { id n { id } }`)} }`, 6001],
    [
      "a fragment on the interface for each field",
      `{ n { ${many(1000, (at) => `... on N { a${at}: n { id } }`)} } }`,
      1002,
    ],
  ])("%s are estimated, and refused, in little time", (_, query, estimate) => {
    const cost = costOf(query, types, 10);
    expect(cost.estimate).toBe(estimate);
    expect(cost.refusal()?.message).toContain("The most expensive part is n");
  });

  test("the actual cost of nested objects of an interface takes little time", () => {
    const cost = costOf(`{ n { ${choices(60)} } }`, types, 10_000);
    cost.setResult({ data: { n: nested(60) } });
    expect(cost.actual).toBe(62);
  });
});

test("an estimate is a finite number however much the lists multiply", () => {
  const schema = buildSchema("type Query { all(first: Int): [Query!] }");
  const query = `{ ${"all(first: 2147483647) { ".repeat(95)} __typename ${"}".repeat(95)} }`;
  const parsed = new ParsedDocument(query, parseDocument(query, noLimits));
  const operation = parsed.operation(undefined);
  if (operation === undefined) throw new Error("Expected a document with one operation.");
  const cost = new CostEstimator(schema, 10_000).costOf(parsed, operation, {}, new CallLog());
  expect(cost.estimate).toBe(1e15);
  expect(cost.refusal()?.message).toContain("estimated cost of more than 1,000,000,000,000,000;");
});
