import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { codeBlocks } from "tributary-testing/code-blocks.ts";
import { readSourceFiles } from "tributary-testing/source/read-source.ts";
import type { SourceFile } from "tributary-testing/source/source-file.ts";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import {
  everyFileHasALayer,
  exportsAreNamed,
  featuresShareOnlyTypes,
  importsFollowLayers,
  importsHaveNoCycle,
  importsHaveNoSideEffects,
  layersUseAllowedPackages,
} from "../architecture/rules.ts";
import { copySeededSqlite } from "../support/sqlite-template.ts";
import { differenceFrom } from "./excerpt.ts";
import { copySource, type SourceCopy, type StartedServer } from "./source-copy.ts";

// The compiler and the linter check a whole repository.
vi.setConfig({ testTimeout: 120_000 });

const root = fileURLToPath(new URL("../..", import.meta.url));
const blocks = codeBlocks(readFileSync(`${root}docs/make-it-yours.md`, "utf8"));
const sections = ["A table", "A REST service", "A type"] as const;
const rules = [
  everyFileHasALayer,
  importsFollowLayers,
  featuresShareOnlyTypes,
  layersUseAllowedPackages,
  exportsAreNamed,
  importsHaveNoSideEffects,
  importsHaveNoCycle,
];
const isForSource = ({ language }: { language: string }) => language === "ts" || language === "diff";

test.each(sections)("the example %s can be added to Atlas without the other examples", (section) => {
  using copy = copySource();
  const own = blocks.filter((block) => block.section === section && isForSource(block));
  expect(own.length).toBeGreaterThan(2);
  for (const block of own) copy.apply(block);
});

describe("Atlas with all the examples", () => {
  const copy = useGuidedCopy();

  test("compiles", async () => {
    await copy().run("tsc", "-p", ".");
  });

  test("passes the linter and the formatter", async () => {
    await copy().run("biome", "check", "--error-on-warnings", ".");
  });

  test("follows the architecture rules of Atlas", () => {
    const violations = (files: readonly SourceFile[]) => rules.flatMap((rule) => rule(files));
    const atlas = readSourceFiles(root).filter(({ path }) => !path.startsWith("test/"));
    expect(violations(readSourceFiles(copy().root))).toEqual(violations(atlas));
  });

  test("has the new types in the printed schema after `tributary codegen`", async () => {
    await copy().run("tributary", "codegen");
    const printed = copy().read("schema/schema.graphql");
    expect(printed).toContain("type Mountain {");
    expect(printed).toContain("type Holiday {");
    expect(printed).toContain("type Antipode {");
  });

  describe("running", () => {
    const url = useServer(copy);

    test.each(sections)("gives the result and the calls that the guide shows for %s", async (section) => {
      const query = textOf(section, "graphql", "");
      const result = await execute(url(), query);
      expect(differenceFrom(JSON.parse(textOf(section, "json", "")), result)).toBeUndefined();
    });

    test("makes as many calls to the new table for fifty countries as for five", async () => {
      const calls = async (first: number) => {
        const { extensions } = await execute(url(), `{ countries(first: ${first}) { nodes { mountains { name } } } }`);
        return extensions.calls.map(({ source, call }) => `${source} ${call}`);
      };
      expect(await calls(50)).toEqual(await calls(5));
    });
  });
});

interface Result {
  readonly data: unknown;
  readonly extensions: { readonly calls: readonly { source: string; call: string }[] };
}

async function execute(url: string, query: string): Promise<Result> {
  const headers = { "content-type": "application/json", accept: "application/json", "x-tributary-calls": "1" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ query }) });
  return response.json();
}

function textOf(section: string, language: string, title: string): string {
  const [block, ...more] = blocks.filter(
    (one) => one.section === section && one.language === language && one.title === title,
  );
  if (block === undefined || more.length > 0) throw new Error(`Expected one block of ${language} in "${section}".`);
  return block.text;
}

function useGuidedCopy(): () => SourceCopy {
  let copy: SourceCopy | undefined;
  beforeAll(() => {
    copy = copySource();
    for (const block of blocks.filter(isForSource)) copy.apply(block);
  });
  afterAll(() => copy?.[Symbol.dispose]());
  return () => copy ?? expect.fail("The copy is available only within the tests of its describe.");
}

/** The server of the copy, with a filled database and a fake of the service in the guide. */
function useServer(copy: () => SourceCopy): () => string {
  let server: StartedServer | undefined;
  const holidays = createHolidayService();
  beforeAll(async () => {
    await copySeededSqlite(`${copy().root}/atlas.sqlite`);
    await new Promise<void>((resolve) => holidays.listen(0, "127.0.0.1", resolve));
    const { port } = holidays.address() as AddressInfo;
    server = await copy().start({
      PORT: "0",
      DATABASE_URL: "sqlite:atlas.sqlite",
      HOLIDAYS_URL: `http://127.0.0.1:${port}`,
      LOG_LEVEL: "silent",
    });
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    holidays.close();
  });
  return () => server?.url ?? expect.fail("The server is available only within the tests of its describe.");
}

/** Serves the holidays of the guide, filtered by country. */
function createHolidayService() {
  const holidays: readonly { country: string }[] = JSON.parse(
    textOf("A REST service", "json", "GET /holidays?year=2026&country=NO&country=SE"),
  );
  return createServer(({ url = "" }, response) => {
    const countries = new URL(url, "http://holidays.test").searchParams.getAll("country");
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(holidays.filter(({ country }) => countries.includes(country))));
  });
}
