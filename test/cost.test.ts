import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { queries } from "../bench/http/workloads.ts";
import { largeQueries, ordinaryQueries } from "../bench/soak/queries.ts";
import { useAtlas } from "./support/atlas.ts";

const atlas = useAtlas();

const operationsFolder = new URL("../operations/", import.meta.url);
const readOperations = (name: string) => readFileSync(new URL(name, operationsFolder), "utf8");
const variables: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>> = JSON.parse(
  readOperations("variables.json"),
);

/** The name, the document and the variables of each operation of the clients. */
const operations = readdirSync(operationsFolder)
  .filter((name) => name.endsWith(".graphql") && name !== "fragments.graphql")
  .map(readOperations)
  .map((text) => ({ text, name: /^(?:query|subscription) (\w+)/m.exec(text)?.[1] ?? "" }));

/** The errors about the cost of an operation. */
async function costErrorsOf(query: string, given: Readonly<Record<string, unknown>> = {}) {
  const response = await atlas.fetch(
    new Request("http://atlas.test/graphql", {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json", "x-tributary-calls": "1" },
      body: JSON.stringify({ query, variables: given }),
    }),
  );
  const { errors = [], extensions } = (await response.json()) as {
    errors?: { message: string; extensions: { code: string; cost?: unknown } }[];
    extensions?: { calls?: unknown[] };
  };
  return { errors: errors.filter((each) => each.extensions.cost), calls: extensions?.calls ?? [] };
}

describe("by default", () => {
  test.each(operations)("the operation $name of the clients is let through", async ({ text, name }) => {
    const fragments = new Set<string>();
    const needed = (source: string): string => {
      const found = [...source.matchAll(/\.\.\.(\w+)/g)].flatMap(([, fragment = ""]) => {
        if (fragments.has(fragment) || text.includes(`fragment ${fragment} `)) return [];
        fragments.add(fragment);
        return [fragmentText(fragment)];
      });
      return source + found.map(needed).join("");
    };
    for (const given of Object.values(variables[name] ?? {})) {
      const plain = Object.fromEntries(Object.entries(given).filter(([, value]) => !isComputed(value)));
      const computed = { ids: Array.from({ length: 20 }, String), id: "1", after: null, before: null };
      expect((await costErrorsOf(needed(text), { ...computed, ...plain })).errors).toEqual([]);
    }
  });

  test.each([
    ...ordinaryQueries,
    "{ countries(first: 100) { nodes { name cities(first: 3) { nodes { name } } } } }",
    `{ countries(first: 50) { nodes {
      name capital { name } currencies { code name } borders { name }
      cities(first: 5) { nodes { name nearestAirports(first: 2) { airport { iata } } } } airports(first: 2) { nodes { iata } }
    } } }`,
    "{ countries(first: 250) { nodes { name borders { name borders { name } } } } }",
    "{ cities(first: 100) { nodes { name sun { sunrise } } } }",
    queries.pages.replaceAll(/(countries|cities)\((.*?)\) {/g, "$1($2) { nodes {").replace(/ }$/, " } } }"),
  ])("%s is let through", async (query) => {
    const { errors } = await costErrorsOf(query);
    expect(errors).toEqual([]);
  });

  test("the introspection query is let through", async () => {
    const { getIntrospectionQuery } = await import("graphql");
    expect((await costErrorsOf(getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true }))).errors).toEqual(
      [],
    );
  });

  test.each(Object.entries(largeQueries).filter(([name]) => name !== "the schema under aliases"))(
    "the query that multiplies lists is refused, and no source is called: %s",
    async (_, query) => {
      const { errors, calls } = await costErrorsOf(query);
      expect(errors).toHaveLength(1);
      expect(calls).toEqual([]);
    },
  );

  test.each([
    [`{ country(code: "DE") { ${"borders { ".repeat(6)} name ${"} ".repeat(6)} } }`, /^country(\.borders){6}$/],
    [`{ ${many(100, (at) => `c${at}: cities(first: 100) { nodes { id } }`)} }`, /^cities\.nodes$/],
    [
      `{ cities(first: 100) { nodes { ${many(12, (at) => `s${at}: sun(date: "2026-01-${at + 10}") { sunrise }`)} } } }`,
      /^cities\.nodes\.sun$/,
    ],
  ])("%s is refused, and the message names the most expensive path", async (query, path) => {
    const { errors } = await costErrorsOf(query);
    const [, named] = /The most expensive part is ([\w.]+): /.exec(errors[0]?.message ?? "") ?? [];
    expect(named).toMatch(path);
  });
});

describe("with MAX_COST=off", () => {
  const unlimited = useAtlas("sqlite", { environment: { MAX_COST: "off" } });

  test("no operation is refused for its cost", async () => {
    const { errors, data } = await unlimited.query<object>(
      `{ ${many(100, (at) => `c${at}: cities(first: 100) { nodes { id } }`)} }`,
    );
    expect(errors ?? []).toEqual([]);
    expect(Object.keys(data)).toHaveLength(100);
  });
});

function fragmentText(name: string): string {
  for (const file of readdirSync(operationsFolder)) {
    if (!file.endsWith(".graphql")) continue;
    const found = new RegExp(`^fragment ${name} [\\s\\S]*?^}`, "m").exec(readOperations(file));
    if (found) return `\n${found[0]}`;
  }
  throw new Error(`No fragment ${name}.`);
}

const isComputed = (value: unknown): boolean => typeof value === "object" && value !== null && "$query" in value;

function many(count: number, field: (at: number) => string): string {
  return Array.from({ length: count }, (_, at) => field(at)).join(" ");
}
