import { buildSchema } from "graphql";
import { expect, test } from "vitest";
import { defaultLimits } from "../../src/gateway/limits.ts";
import { CheckedDocuments } from "../../src/gateway/security/checked-documents.ts";

const schema = buildSchema("type Query { a: Int }");
const documents = (maxCharacters?: number) =>
  new CheckedDocuments({
    schema,
    limits: defaultLimits,
    isProduction: false,
    opensIntrospection: true,
    ...(maxCharacters && { maxCharacters }),
  });

/** Parses and validates, as a request does. */
function check(checked: CheckedDocuments, text: string) {
  const parsed = checked.parse(text);
  return { parsed, errors: checked.validate(parsed) };
}

test("a valid document is parsed and validated once", () => {
  const checked = documents();
  const { parsed, errors } = check(checked, "{ a }");
  expect(errors).toEqual([]);
  expect(check(checked, "{ a }").parsed).toBe(parsed);
  expect(check(checked, "{  a }").parsed).not.toBe(parsed);
});

test("a document that is not valid is found out each time, and not remembered", () => {
  const checked = documents();
  const first = check(checked, "{ b }");
  const second = check(checked, "{ b }");
  expect(first.errors).toHaveLength(1);
  expect(second.errors).toHaveLength(1);
  expect(second.parsed).not.toBe(first.parsed);
});

test("no more is remembered than fits: the one that was not asked for the longest goes first", () => {
  const checked = documents(200);
  const [first = "", ...others] = Array.from({ length: 30 }, (_, index) => `{ a${index}: a }`);
  const remembered = check(checked, first).parsed;
  expect(check(checked, first).parsed).toBe(remembered);
  for (const text of others) check(checked, text);
  expect(check(checked, first).parsed).not.toBe(remembered);
});

test("no more than one for every hundred characters of room: the shortest takes some kilobytes in memory", () => {
  const checked = documents(10_000);
  const texts = Array.from({ length: 150 }, (_, index) => `{a${index}:a}`);
  const [first = "", ...others] = texts;
  const remembered = check(checked, first).parsed;
  for (const text of others) check(checked, text);
  expect(texts.join("").length).toBeLessThan(2_000);
  expect(check(checked, first).parsed).not.toBe(remembered);
});

test("a document that alone takes a twentieth of the room is read every time", () => {
  const checked = documents(200);
  const long = `{ a } # ${"x".repeat(20)}`;
  expect(check(checked, long).parsed).not.toBe(check(checked, long).parsed);
});

test("an operation is found by its name, or without one if it is the only one", () => {
  const one = documents().parse("query A { a }");
  const two = documents().parse("query A { a } query B { a } fragment F on Query { a }");
  expect(
    [one.operation(undefined), one.operation(null), one.operation("A")].map((found) => found?.name?.value),
  ).toEqual(["A", "A", "A"]);
  expect(one.operation("B")).toBeUndefined();
  expect(one.operation("")).toBeUndefined();
  expect(two.operation(null)).toBeUndefined();
  expect(two.operation("B")?.name?.value).toBe("B");
  expect(two.operation("F")).toBeUndefined();
});
