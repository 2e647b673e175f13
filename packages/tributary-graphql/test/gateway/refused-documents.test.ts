import { buildSchema, parse, validate } from "graphql";
import { toyGateway } from "tributary-testing/toy-gateway.ts";
import { describe, expect, test } from "vitest";

const sdl = `
  input Range { from: Int to: Int }
  type Query { a(x: Int): Int o: Query fails: [Query] boom: Int sum(of: [Int], in: [Range]): Int }
`;
/** Limits that these documents stay within: they are about what validation and coercion refuse. */
const limits = { rootFields: 10_000, operationAliases: 10_000, variableValues: 20_000 };
const toy = () =>
  toyGateway(
    sdl,
    {
      Query: {
        a: () => 1,
        o: () => ({}),
        fails: () => Array.from({ length: 30 }, () => ({})),
        boom: () => {
          throw new Error("secret");
        },
      },
    },
    { limits },
  );

const many = (count: number, part: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => part(at)).join(" ");

describe("a document that repeats itself is told that, and how often is too often", () => {
  test.each([
    ["a field, nine thousand times", `{ ${many(9_000, () => "a")} }`],
    ["an object", `{ ${many(1_500, () => "o { a }")} }`],
    ["a field with arguments", `{ ${many(1_500, () => "a(x: 1)")} }`],
    ["inline fragments", `{ ${many(1_500, () => "... { a }")} }`],
    ["fragments", `{ ${many(1_000, (at) => `...F${at}`)} } ${many(1_000, (at) => `fragment F${at} on Query { a }`)}`],
  ])("%s", async (_, query) => {
    expect(validate(buildSchema(sdl), parse(query)).at(-1)?.message).toBe("Validation aborted.");
    const { errors } = await toy().ask(query);
    expect(errors).toHaveLength(1);
    expect(errors?.[0]).toMatchObject({
      message:
        "The document repeats fields or fragments too often: to compare those of the same response name with each other " +
        "takes more than 500000 steps. Ask for each field once in a selection set, and spread each fragment once.",
      extensions: { code: "GRAPHQL_VALIDATION_FAILED" },
    });
  });

  test("six hundred times is not too often", async () => {
    expect(await toy().ask(`{ ${many(600, () => "a")} }`)).toEqual({ data: { a: 1 } });
  });
});

describe("a refusal is bounded, however much is wrong", () => {
  test("a document lists 20 errors, and says that there are others", async () => {
    const { errors = [] } = await toy().ask(`{ ${many(2_000, (at) => `f${at}: nope`)} }`);
    expect(errors).toHaveLength(21);
    expect(errors.at(-1)?.message).toBe("The document has more than 20 errors: the others are left out.");
    expect((await toy().ask(`{ ${many(20, (at) => `f${at}: nope`)} }`)).errors).toHaveLength(20);
  });

  test.each([
    ["query ($of: [Int]) { sum(of: $of) }", { of: Array<string>(5_000).fill("no") }],
    ["query ($in: [Range]) { sum(in: $in) }", { in: Array<object>(5_000).fill({ nope: 1, other: 2 }) }],
  ])("variables list 20, and say so: %s", async (query, variables) => {
    const { errors = [] } = await toy().ask(query, { variables });
    expect(errors).toHaveLength(21);
    expect(errors.at(-1)?.message).toMatch(/^Too many errors processing variables/);
  });

  test("an error names 20 places of a document at most", async () => {
    const refused = await toy().ask(`query (${many(3_000, () => "$v: Int")}) { a }`);
    expect(JSON.stringify(refused).length).toBeLessThan(5_000);
    const failed = await toy().ask(`{ fails { ${many(300, () => "boom")} } }`);
    expect(failed.errors).toHaveLength(30);
    for (const error of failed.errors ?? []) expect(Object(error).locations).toHaveLength(20);
  });
});
