import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { parseSync } from "rolldown/utils";
import { sideEffectsOf } from "tributary-testing/source/side-effects.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeService } from "../../../src/commands/openapi/service-file.ts";
import { apiWithText } from "./support/api-with-text.ts";
import { documentOf, serviceOf, temporaryFolder } from "./support/documents.ts";

declare global {
  var canary: number | undefined;
}

let folder: ReturnType<typeof temporaryFolder>;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => folder[Symbol.dispose]());

const attack = "globalThis.canary = 1";
const hostile = [
  `1.0 */ ${attack}; /*`,
  `*/${attack}//`,
  `"; ${attack}; "`,
  `'; ${attack}; '`,
  `\`; ${attack}; \``,
  `\${${attack}}`,
  `\`\${${attack}}\``,
  `\\\`\${${attack}}`,
  `\\"; ${attack}; //`,
  `\\\\"; ${attack}; //`,
  `\n${attack}\n`,
  `\r${attack}\r`,
  `\u2028${attack}\u2029`,
  `--> ${attack}`,
  `<!-- ${attack}`,
  `\u202e${attack}\u2066`,
  `]: ${attack}, [`,
  `}); ${attack}; ({`,
  `// @ts-nocheck`,
  "@ts-expect-error",
  "@ts-ignore",
  "biome-ignore lint: no",
  `//# sourceMappingURL=data:,${attack}`,
  "__proto__",
  "constructor",
  "then",
  "\0\u0007\u001b]0;title\u0007",
  "\ud800",
  "*\u2028/",
  "*\\/",
  "＊／",
];

/** The syntax tree of a program without its names and texts. A name with quotes is equal to one without. */
function skeletonOf(code: string): string {
  const { program, errors } = parseSync("service.ts", code);
  expect(errors).toEqual([]);
  return JSON.stringify(program, (key, value: unknown) => {
    if (["start", "end", "range", "loc", "comments", "hashbang"].includes(key)) return undefined;
    if (["name", "value", "raw", "cooked", "computed", "shorthand", "directive"].includes(key) && !isNode(value))
      return null;
    return isNode(value) && ["Identifier", "Literal"].includes(value.type) ? "name" : value;
  });
}

const isNode = (value: unknown): value is { readonly type: string } =>
  typeof value === "object" && value !== null && "type" in value;

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.string({ unit: fc.constantFrom(..."*/`$'{}\"\\\n\r\u2028\u2029\u202e;()[]<>!-=@#&?%.a1 "), maxLength: 12 }),
  fc.constantFrom(...hostile),
);

describe("any text in any location of a document", () => {
  test.each(hostile)("%j is not executed when the generated file is loaded", async (text) => {
    globalThis.canary = undefined;
    for (const pathText of [text, "path"]) {
      const document = documentOf(apiWithText(text, pathText));
      const { code } = writeService(document, { location: `${text}.json`, name: "pets", only: [] });
      const path = join(folder.path, `${hostile.indexOf(text)}-${pathText === text}-service.ts`);
      writeFileSync(path, code);
      const module: Record<string, unknown> = await import(pathToFileURL(path).href);
      expect(Object.keys(module)).toContain("createPetsReads");
    }
    expect(globalThis.canary).toBeUndefined();
  });

  test("does not change the program, apart from its texts and names", () => {
    const expected = skeletonOf(serviceOf(apiWithText("harmless", "path")).code);
    fc.assert(
      fc.property(anyText, (text) => {
        expect(skeletonOf(serviceOf(apiWithText(text, "path")).code)).toBe(expected);
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  test("adds no statement other than declarations, also in a path", () => {
    fc.assert(
      fc.property(anyText, anyText, (text, pathText) => {
        const { code } = serviceOf(apiWithText(text, pathText));
        const { program, errors } = parseSync("service.ts", code);
        expect(errors).toEqual([]);
        expect(sideEffectsOf(program, false)).toEqual([]);
        const kinds = new Set(program.body.map(({ type }) => type));
        expect([...kinds].filter((type) => !["ImportDeclaration", "ExportNamedDeclaration"].includes(type))).toEqual(
          [],
        );
        expect(code).not.toMatch(/[^\n\P{C}]|[\u2028\u2029]/u);
      }),
      { numRuns: 150 },
    );
  }, 60_000);
});

test("a text of the document in a comment cannot be an instruction to a tool", () => {
  const code = (text: string) => serviceOf(apiWithText(text, "path")).code;
  expect(code("Write to me@pets.test or @pets.")).toContain("Write to me@pets.test or \\@pets.");
  expect(code("@ts-expect-error")).not.toMatch(/\*\s*@ts-/);
  expect(code("biome-ignore lint: no")).not.toMatch(/(?:\/\*\*|\*|\/\/) biome-ignore/);
});
