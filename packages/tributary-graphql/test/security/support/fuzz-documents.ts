import fc from "fast-check";

const value: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    "1",
    "-1",
    "2147483648",
    "1e999",
    "0.1",
    "null",
    "true",
    '"x"',
    '""',
    '"\\ud800"',
    '"\\u{110000}"',
    '"""a"""',
    "$n",
    "$missing",
    "ENUM",
    "[1 [2]]",
    "{n: 1}",
    "{n: {n: 1} __proto__: 2}",
    "[[[[[[[[[[1]]]]]]]]]]",
  ),
  fc.string({ maxLength: 10 }).map((text) => JSON.stringify(text)),
);

const name = fc.constantFrom(
  "a",
  "later",
  "nodes",
  "node",
  "id",
  "name",
  "set",
  "ticks",
  "__typename",
  "__schema",
  "__type",
  "constructor",
  "__proto__",
  "toString",
  "missing",
);

const argumentsOf = fc.oneof(
  { weight: 3, arbitrary: fc.constant("") },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.tuple(fc.constantFrom("n", "text", "first", "__proto__", "x"), value), { minLength: 1, maxLength: 3 })
      .map((pairs) => `(${pairs.map(([key, given]) => `${key}: ${given}`).join(", ")})`),
  },
);

const directives = fc.oneof(
  { weight: 5, arbitrary: fc.constant("") },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "@defer",
      '@defer(label: "x")',
      "@defer(if: $n)",
      "@stream",
      "@stream(initialCount: -1)",
      "@stream(initialCount: 1)",
      "@skip(if: true)",
      "@include(if: false)",
      "@include(if: $n)",
      "@include",
      "@unknown",
      "@deprecated",
      "@skip(if: true) @skip(if: false)",
    ),
  },
);

const { selections } = fc.letrec<{ selections: string; selection: string }>((tie) => ({
  selections: fc.array(tie("selection"), { minLength: 1, maxLength: 4 }).map((all) => `{ ${all.join(" ")} }`),
  selection: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.tuple(name, argumentsOf, directives).map((parts) => parts.join(" ")),
    fc
      .tuple(fc.constantFrom("", "x: ", "__proto__: "), name, argumentsOf, directives, tie("selections"))
      .map((parts) => parts.join(" ")),
    fc
      .tuple(fc.constantFrom("...", "... on Query", "... on Node", "... on Missing"), directives, tie("selections"))
      .map((parts) => parts.join(" ")),
    fc.constantFrom("...F", "...G", "...on", "... @defer { later }"),
  ),
}));

const variables = fc.constantFrom(
  "",
  "($n: Int)",
  "($n: Int!)",
  "($n: Boolean = true)",
  "($n: [[Int!]!]!)",
  "($n: Node)",
  "($n: Missing)",
  "($n: Int = null, $n: Int)",
  "($n: Int @skip(if: true))",
);

const operation = fc
  .tuple(
    fc.constantFrom("", "query A", "query B", "query", "mutation A", "subscription A", "query __proto__"),
    variables,
    selections,
  )
  .map(([kind, declared, selected]) => (kind === "" ? selected : `${kind}${declared} ${selected}`));

const fragment = fc
  .tuple(fc.constantFrom("F", "G"), fc.constantFrom("Query", "Node", "Missing", "Int"), directives, selections)
  .map(([fragmentName, type, applied, selected]) => `fragment ${fragmentName} on ${type} ${applied} ${selected}`);

const valid = fc
  .tuple(fc.array(operation, { minLength: 1, maxLength: 2 }), fc.array(fragment, { maxLength: 2 }))
  .map(([operations, fragments]) => [...operations, ...fragments].join("\n"));

/** A document of which some tokens are removed, repeated or exchanged. */
const broken = fc
  .tuple(valid, fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 4 }))
  .map(([text, changes]) => {
    const tokens = text.split(/(?<=[\s{}()[\]:$@!])|(?=[\s{}()[\]:$@!])/);
    for (const [from, to] of changes) {
      const [moved = ""] = tokens.splice(from % tokens.length, 1);
      if (to % 3 > 0) tokens.splice(to % (tokens.length + 1), 0, moved);
      if (to % 3 > 1) tokens.splice(from % (tokens.length + 1), 0, moved);
    }
    return tokens.join("");
  });

/** Documents by which servers were brought down. */
const known = fc.constantFrom(
  "{a".repeat(3_000),
  `${"{nodes".repeat(90)}{id}${"}".repeat(90)}`,
  `{${"a ".repeat(20_000)}}`,
  `{${Array.from({ length: 2_000 }, (_, at) => `x${at}:a`).join(" ")}}`,
  `{a ${"@skip(if:false)".repeat(3_000)}}`,
  `{a(text:"${"x".repeat(50_000)}")}`,
  `{a(n:${"[".repeat(5_000)}`,
  `{a(n:${"[".repeat(2_000)}${"]".repeat(2_000)})}`,
  `query(${Array.from({ length: 3_000 }, (_, at) => `$v${at}:Int`).join(" ")}){a}`,
  "{...F} fragment F on Query {...G} fragment G on Query {...F}",
  `{...F0} ${Array.from({ length: 30 }, (_, at) => `fragment F${at} on Query {...F${at + 1} ...F${at + 1}}`).join(" ")} fragment F30 on Query {a}`,
  "#".repeat(50_000),
  `"""${"a".repeat(10_000)}`,
  "\u0000",
  "\ufeff{a}",
  "{a}\u2028",
  "query A {a} query A {a}",
  "type Query { a: Int }",
  "extend schema @x",
  '{ __type(name: "Query") { name } }',
);

/** A GraphQL document: valid, nearly valid, known to be harmful, or any text. */
export const anyDocument: fc.Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: valid },
  { weight: 3, arbitrary: broken },
  { weight: 1, arbitrary: known },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
);
