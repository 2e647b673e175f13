import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { codeBlocks } from "tributary-testing/code-blocks.ts";
import { readSourceFiles } from "tributary-testing/source/read-source.ts";
import type { SourceFile } from "tributary-testing/source/source-file.ts";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import {
  everyFileHasAPlace,
  exportsAreNamed,
  featuresMeetInTypes,
  importingDoesNothing,
  importsMakeNoCycle,
  importsRunOneWay,
  packagesKeepToTheirLayer,
} from "../architecture/rules.ts";
import { copySeededSqlite } from "../support/sqlite-template.ts";
import { differenceFrom } from "./excerpt.ts";
import { copySource, type SourceCopy, type StartedServer } from "./source-copy.ts";

// The compiler and the linter over a whole repository, beside other work.
vi.setConfig({ testTimeout: 120_000 });

const root = fileURLToPath(new URL("../..", import.meta.url));
const blocks = codeBlocks(readFileSync(`${root}docs/make-it-yours.md`, "utf8"));
const sections = ["A table", "A REST service", "A type"] as const;
const rules = [
  everyFileHasAPlace,
  importsRunOneWay,
  featuresMeetInTypes,
  packagesKeepToTheirLayer,
  exportsAreNamed,
  importingDoesNothing,
  importsMakeNoCycle,
];
const isForSource = ({ language }: { language: string }) => language === "ts" || language === "diff";

test.each(sections)("%s: the example can be added to Atlas alone", (section) => {
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

  test("is formatted and lint-free, as `npm run check` demands", async () => {
    await copy().run("biome", "check", "--error-on-warnings", ".");
  });

  test("breaks no architecture rule that Atlas keeps", () => {
    const breaches = (files: readonly SourceFile[]) => rules.flatMap((rule) => rule(files));
    const atlas = readSourceFiles(root).filter(({ path }) => !path.startsWith("test/"));
    expect(breaches(readSourceFiles(copy().root))).toEqual(breaches(atlas));
  });

  test("has the new types in the printed schema once codegen has run", async () => {
    await copy().run("tributary", "codegen");
    const printed = copy().read("schema/schema.graphql");
    expect(printed).toContain("type Mountain {");
    expect(printed).toContain("type Holiday {");
    expect(printed).toContain("type Antipode {");
  });

  describe("running", () => {
    const url = useServer(copy);

    test.each(sections)("%s: the query gets the answer that the guide shows, by as many calls", async (section) => {
      const query = textOf(section, "graphql", "");
      const answer = await ask(url(), query);
      expect(differenceFrom(JSON.parse(textOf(section, "json", "")), answer)).toBeUndefined();
    });

    test("a table: as many calls for fifty countries as for five", async () => {
      const calls = async (first: number) => {
        const { extensions } = await ask(url(), `{ countries(first: ${first}) { nodes { mountains { name } } } }`);
        return extensions.calls.map(({ source, call }) => `${source} ${call}`);
      };
      expect(await calls(50)).toEqual(await calls(5));
    });
  });
});

interface Answer {
  readonly data: unknown;
  readonly extensions: { readonly calls: readonly { source: string; call: string }[] };
}

async function ask(url: string, query: string): Promise<Answer> {
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
  return () => copy ?? expect.fail("The copy is there only while the tests of its describe run.");
}

/** The copy's own server, over a filled database and the service that the guide describes. */
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
  return () => server?.url ?? expect.fail("The server runs only while the tests of its describe run.");
}

/** Serves the holidays that the guide shows, those of the countries asked for. */
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
