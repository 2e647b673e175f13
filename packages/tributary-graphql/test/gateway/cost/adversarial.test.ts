import { describe, expect, test } from "vitest";
import { maxEstimate } from "../../../src/gateway/cost/schema-costs.ts";
import { estimatorOf } from "./support/estimate.ts";

const estimate = estimatorOf(`
  type Query { a: A node: Node list(first: Int): [A!]! @listSize(slicingArguments: ["first"]) }
  interface Node { a: A node: Node }
  type A implements Node { a: A node: Node n: Int list(first: Int): [A!]! @listSize(slicingArguments: ["first"]) page(first: Int): Page }
  type B implements Node { a: A node: Node }
  type C implements Node { a: A node: Node }
  type Page { nodes: [A!]! }
`);

/** Each fragment spreads the next one twice. */
const doubling = (levels: number) =>
  [
    "{ a { ...F0 } }",
    ...Array.from(
      { length: levels },
      (_, at) => `fragment F${at} on A { x: a { ...F${at + 1} } y: a { ...F${at + 1} } }`,
    ),
    `fragment F${levels} on A { n }`,
  ].join(" ");

const nested = (field: string, depth: number) => `{ ${`${field} { `.repeat(depth)} __typename ${"} ".repeat(depth)} }`;

/** The least CPU time of three estimates of this thread, so that other processes do not count. No text is estimated twice. */
function cpuMillisecondsOf(write: (size: number, variant: number) => string, size: number): number {
  const times = [0, 1, 2].map((variant) => {
    const text = write(size, variant);
    const start = process.threadCpuUsage();
    estimate(text);
    const { user, system } = process.threadCpuUsage(start);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}

describe("the estimate", () => {
  test("of fragments that double a field per level is exact up to its largest value, and never infinite", () => {
    expect(estimate(doubling(3))).toBe(1 + 1 + 2 + 4 + 8);
    expect(estimate(doubling(40))).toBe(2 ** 41);
    expect(estimate(doubling(95))).toBe(maxEstimate);
  });

  test.each([
    ["lists of the largest size within each other", nested("list(first: 2147483647)", 60)],
    ["lists of a size that no integer has", nested("list(first: 1e308)", 60).replaceAll("1e308", "9007199254740991")],
    [
      "connections within each other",
      nested("list(first: 100) { page(first: 1000000) { nodes", 20).replaceAll("nodes {", "nodes {"),
    ],
  ])("of %s is a number", (_, query) => {
    const closed = query + "}".repeat(Math.max(0, query.split("{").length - query.split("}").length));
    const cost = estimate(closed);
    expect(cost).toBe(maxEstimate);
  });

  test("of abstract types within each other takes time with their depth, not with the number of combinations", () => {
    expect(estimate(nested("node", 90))).toBe(91);
  });

  test.each<[string, (size: number, variant: number) => string]>([
    [
      "fields",
      (size, variant) => `{ a { ${Array.from({ length: size }, (_, at) => `f${variant}_${at}: a { n }`).join(" ")} } }`,
    ],
    [
      "spreads of one fragment in lists of different sizes",
      (size, variant) =>
        `{ ${Array.from({ length: size }, (_, at) => `l${variant}_${at}: list(first: ${at}) { ...F }`).join(" ")} }
         fragment F on A { ${Array.from({ length: size }, (_, at) => `a${at}: a { n }`).join(" ")} }`,
    ],
    [
      "spreads of fragments of connections",
      (size, variant) =>
        `{ a { ${Array.from({ length: size }, (_, at) => `p${variant}_${at}: page(first: ${at}) { ...F }`).join(" ")} } }
         fragment F on Page { ${Array.from({ length: size }, (_, at) => `n${at}: nodes { n }`).join(" ")} }`,
    ],
  ])("takes time in proportion to the document: %s", (_, write) => {
    cpuMillisecondsOf(write, 200);
    const [small, large] = [cpuMillisecondsOf(write, 250), cpuMillisecondsOf(write, 4_000)];
    // Sixteen times the document. Quadratic time would be 256 times.
    expect(large).toBeLessThan(Math.max(5, small) * 64);
  });
});
