import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { errorCodes } from "tributary-graphql";
import { codeBlocks } from "tributary-testing/code-blocks.ts";
import { describe, expect, test } from "vitest";
import { exampleQueries } from "../../atlas/examples.ts";
import { loadConfig, settings } from "../../config.ts";
import { useAtlas } from "../support/atlas.ts";
import { differenceFrom } from "./excerpt.ts";
import { tableRows } from "./table.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const readText = (path: string): string => readFileSync(`${root}${path}`, "utf8");
const readme = readText("README.md");
const reference = readText("docs/reference.md");
const textsIn = (page: string, section: string, language: string): string[] =>
  codeBlocks(page)
    .filter((block) => block.section === section && block.language === language)
    .map(({ text }) => text);

describe("the table of settings", () => {
  const documented = tableRows(reference, "Settings");
  const defaults = loadConfig({});

  test("has exactly the variables that config.ts reads", () => {
    const read: string[] = [];
    loadConfig(new Proxy({}, { get: (_, name) => void read.push(String(name)) }));
    expect(documented.map(([name]) => name)).toEqual(expect.arrayContaining(read));
    expect(documented).toHaveLength(read.length);
  });

  test("has the settings of --help", () => {
    expect(documented.map(([name]) => name)).toEqual([...settings.names]);
    const shown = settings.help();
    for (const [name] of documented) expect(shown).toContain(`  ${name} `);
  });

  test("has the actual defaults", () => {
    const isSet = ([, value]: readonly string[]): boolean => value !== "unset";
    expect(loadConfig(Object.fromEntries(documented.filter(isSet)))).toEqual(defaults);
    const unset = Object.values(defaults).filter(
      (value) => value === undefined || (Array.isArray(value) && value.length === 0),
    );
    expect(documented.filter((row) => !isSet(row))).toHaveLength(unset.length);
  });
});

test("the table of errors has all error codes, in the order of packages/tributary-graphql/src/core/error-codes.ts", () => {
  expect(tableRows(reference, "Errors").map(([code]) => code)).toEqual([...errorCodes]);
});

test("the table of commands has exactly the npm scripts", () => {
  const manifest: { scripts: Record<string, string> } = JSON.parse(readText("package.json"));
  const commands = tableRows(reference, "Commands").map(([command = ""]) => command.replace(/^npm (run )?/, ""));
  expect(commands.sort()).toEqual(Object.keys(manifest.scripts).sort());
});

describe("README.md has the same figures as docs/benchmarks.md", () => {
  const benchmarks = readText("docs/benchmarks.md");
  const promises = readme.slice(0, readme.indexOf("\n|"));
  /** The cell of a server's row; a negative column counts from the end. */
  const cell = (section: string, server: string, column: number): string =>
    tableRows(benchmarks, section)
      .find(([name]) => name === server)
      ?.at(column) ?? expect.fail(`No ${server} in "${section}".`);
  const shareByCpu = 4;

  test("for the calls of a page", () => {
    const section = "Effect of asynchrony";
    expect(cell(section, "Tributary", -1)).toBe("2.0");
    expect(cell(section, "by hand, side by side", -1)).toBe("11.0");
    expect(promises).toMatch(/\[2 calls\]\(\S+\) instead of 11\./);
  });

  test("for the CPU time", () => {
    const rest = "Posts and users, 64 different texts";
    const sql = "Countries with their cities, PostgreSQL";
    const yoga = "GraphQL Yoga with DataLoader";
    expect(promises).toContain(`[${cell(rest, "Tributary", shareByCpu)} times]`);
    expect(promises).toContain(`[${cell(sql, "Tributary", shareByCpu)} times]`);
    expect(promises).toContain(`${yoga}: ${cell(rest, yoga, shareByCpu)} and ${cell(sql, yoga, shareByCpu)}.`);
  });

  test("for the time of the first payload", () => {
    const ratios = tableRows(benchmarks, "The first payload")
      .filter(([query]) => query?.startsWith("`@defer`"))
      .map((row) => row.at(-1) ?? "")
      .sort();
    expect(ratios.length).toBeGreaterThan(1);
    expect(promises).toContain(`[${ratios[0]} to ${ratios.at(-1)} times]`);
  });
});

describe("the deferred query of docs/clients.md", () => {
  const page = readText("docs/clients.md");
  const section = "A deferred field";
  const [query = ""] = textsIn(page, section, "graphql");
  const atlas = useAtlas("sqlite", { now: () => new Date("2026-06-21T12:00:00Z") });

  test("is the query in the first tab of GraphiQL", () => {
    expect(query).toBe(exampleQueries[0].query.replace(/^#.*\n/gm, ""));
  });

  test("gives the payloads in the document", async () => {
    const response = await atlas.fetch(
      new Request("http://atlas.test/graphql", {
        method: "POST",
        headers: { "content-type": "application/json", accept: "multipart/mixed" },
        body: JSON.stringify({ query }),
      }),
    );
    const payloads = [...(await response.text()).matchAll(/^\{.*\}$/gm)].map(([json]) => JSON.parse(json));
    const shown = textsIn(page, section, "json").map((json) => JSON.parse(json));
    expect(differenceFrom(shown, payloads)).toBeUndefined();
  });
});

describe("the query of README.md", () => {
  const section = "A query and its answer";
  const [query = ""] = textsIn(readme, section, "graphql");
  const atlas = useAtlas("sqlite");

  test("gives the result and makes the calls in the document", async () => {
    const { data, calls } = await atlas.query(query);
    const [shown = ""] = textsIn(readme, section, "json");
    expect(differenceFrom(JSON.parse(shown), { data, extensions: { calls } })).toBeUndefined();
  });

  test("makes as many calls for five countries as for fifty", async () => {
    const names = async (first: number) => {
      const { calls } = await atlas.query(query.replace("first: 50", `first: ${first}`));
      return calls.map(({ source, call }) => `${source} ${call}`);
    };
    expect(await names(5)).toEqual(await names(50));
  });
});
