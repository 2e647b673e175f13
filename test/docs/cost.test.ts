import { readFileSync } from "node:fs";
import { buildSchema } from "graphql";
import { costDirectives, createGateway } from "tributary-graphql";
import { codeBlocks } from "tributary-testing/code-blocks.ts";
import { expect, test } from "vitest";
import { useAtlas } from "../support/atlas.ts";
import { tableRows } from "./table.ts";

const page = readFileSync(new URL("../../docs/cost.md", import.meta.url), "utf8");
const atlas = useAtlas();

/** The text of a block of the page. */
function block(section: string, language: string): string {
  const [found, ...more] = codeBlocks(page).filter((each) => each.section === section && each.language === language);
  if (found === undefined || more.length > 0) throw new Error(`Expected one block of ${language} in "${section}".`);
  return found.text;
}

async function ask(query: string): Promise<Response> {
  return atlas.fetch(
    new Request("http://atlas.test/graphql", {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json", "x-tributary-cost": "1" },
      body: JSON.stringify({ query }),
    }),
  );
}

test("the example costs what its table adds up, and the answer shows it as the page does", async () => {
  const parts = tableRows(page, "How it is computed").map(([, cost]) => Number(cost));
  const total = parts.pop();
  expect(parts.reduce((sum, cost) => sum + cost, 0)).toBe(total);
  const response = await ask(block("How it is computed", "graphql"));
  expect(`x-tributary-cost: ${response.headers.get("x-tributary-cost")}`).toBe(block("Seeing the cost", "").trim());
  const shown = JSON.parse(block("Seeing the cost", "json"));
  expect(((await response.json()) as typeof shown).extensions).toEqual(shown.extensions);
  expect(shown.extensions.cost.estimate).toBe(total);
});

test("the refusal is the one that the page shows", async () => {
  const response = await ask(`{ country(code: "NO") { ${"borders { ".repeat(6)} name ${"} ".repeat(6)} } }`);
  expect(await response.json()).toMatchObject(JSON.parse(block("Refusals", "json")));
});

test("the weights of the page are those of Atlas", () => {
  const printed = readFileSync(new URL("../../schema/schema.graphql", import.meta.url), "utf8");
  expect(block("Setting weights", "ts")).toContain("listSize: { assumedSize: 5 }");
  expect(printed).toContain("  borders: [Country!] @listSize(assumedSize: 5)\n");
  expect(block("Setting weights", "graphql")).toContain('Sun @cost(weight: "10")');
  expect(printed).toContain(`): Sun @cost(weight: "10")\n`);
});

test("the directives of the page take effect in a schema of SDL", async () => {
  const sdl = `${costDirectives} scalar Date type Result { id: ID } type Sun { noon: String } ${block("Setting weights", "graphql")}`;
  const gateway = createGateway({ schema: buildSchema(`${sdl} extend type Query { city: City }`) });
  const estimateOf = async (query: string): Promise<string | null> => {
    const response = await gateway.fetch(
      new Request("http://page.test/graphql", {
        method: "POST",
        headers: { "content-type": "application/json", "x-tributary-cost": "1" },
        body: JSON.stringify({ query }),
      }),
    );
    return response.headers.get("x-tributary-cost");
  };
  expect(await estimateOf(`{ search(text: "a", first: 1000) { id } }`)).toMatch(/^estimate=51,/);
  expect(await estimateOf("{ city { sun { noon } } }")).toMatch(/^estimate=13,/);
  await gateway.close();
});
