import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Services, startServices } from "../../atlas/services/start-services.ts";
import { copySeededSqlite } from "../support/sqlite-template.ts";
import { createWeatherBranch, sizes, type WeatherBranch } from "./weather-branch.ts";

const guide = readFileSync(fileURLToPath(new URL("../../docs/call-contract.md", import.meta.url)), "utf8");

const withoutLoader = `export async function weatherOf({ name }: Country, _args: unknown, { weather }: Context): Promise<string> {
  const [forecast = ""] = await weather.forecast([name]);
  return forecast;
}
`;

const withLoader = `export async function weatherOf({ name }: Country, _args: unknown, { weather }: Context): Promise<string> {
  return weather.forecasts.load(name);
}
`;

const sequentialCalls = `export async function weatherOf({ name }: Country, _args: unknown, { weather }: Context): Promise<string> {
  const forecast = await weather.forecasts.load(name);
  const warning = await weather.warnings.load(name);
  return \`\${forecast}, \${warning}\`;
}
`;

// Each test runs the check several times.
describe("a branch that adds a field to a list", { timeout: 90_000 }, () => {
  const branch = useBranch();

  test("fails the check if its resolver has no loader, with the resolver, the call and a solution", async () => {
    branch().resolveWeather(withoutLoader);
    branch().selectWeather();
    const output = `operations/country-list.graphql (CountryList): calls grow with the list.
  Country.weather, resolved by weatherOf (resolvers/weather.ts:7), called weather.forecast 4 times for 4 items and 16 times for 16: once per item. Load all keys in one batch: docs/call-contract.md
  If the source takes no more than one key per call, declare it: npx tributary calls record --keys-per-call weather.forecast=1 --reason "…"

`;
    expect(await branch().run("check")).toEqual({ code: 1, output: `${output}1 finding in 1 operation.\n` });
    expect(guide).toContain(output.trimEnd());
    expect(await branch().run("record")).toEqual({ code: 1, output: `${output}Nothing was recorded.\n` });
  });

  test("passes the check with a loader, after the new call is recorded", async () => {
    branch().resolveWeather(withLoader);
    branch().selectWeather();
    expect(await branch().run("check")).toEqual({
      code: 1,
      output: `operations/country-list.graphql (CountryList): more calls than recorded.
  weather.forecast is called once, but is not recorded: by Country.weather, resolved by weatherOf (resolvers/weather.ts:7)
  If this is intended: npx tributary calls record

operations/country-list.graphql (CountryList): its longest chain of dependent calls has 2 calls; recorded: 1.
  1. countries.countries, by ${countriesNodes()}
  2. weather.forecast, by Country.weather, resolved by weatherOf (resolvers/weather.ts:7)
  If this is intended: npx tributary calls record

2 findings in 1 operation.
`,
    });
    expect(await branch().run("record")).toEqual({
      code: 0,
      output: `Recorded in operations/calls.json; commit it:
  CountryList: weather.forecast: 1 call, was 0; the longest chain: 2 calls, was 1
Wrote operations/trusted-documents.json
`,
    });
    expect(branch().copy.read("operations/calls.json")).toBe(recordedWithWeather);
    expect(await branch().run("check")).toEqual({
      code: 0,
      output:
        "1 operation: no more calls than in operations/calls.json, none that grow with a list. The longest chain has 2 calls.\n",
    });
  });

  test("fails the check if its resolver awaits one call after another, with the chain of calls", async () => {
    branch().write("operations/calls.json", recordedWithWeather);
    branch().resolveWeather(sequentialCalls);
    branch().selectWeather();
    expect(await branch().run("check")).toEqual({
      code: 1,
      output: `operations/country-list.graphql (CountryList): more calls than recorded.
  weather.warnings is called once, but is not recorded: by Country.weather, resolved by weatherOf (resolvers/weather.ts:7)
  If this is intended: npx tributary calls record

operations/country-list.graphql (CountryList): its longest chain of dependent calls has 3 calls; recorded: 2.
  1. countries.countries, by ${countriesNodes()}
  2. weather.forecast, by Country.weather, resolved by weatherOf (resolvers/weather.ts:7)
  3. weather.warnings, by Country.weather, resolved by weatherOf (resolvers/weather.ts:7)
  If this is intended: npx tributary calls record

2 findings in 1 operation.
`,
    });
  });

  test("passes the check if it removes a call, with a request to record that", async () => {
    branch().write("operations/calls.json", recordedWithWeather);
    expect(await branch().run("check")).toEqual({
      code: 0,
      output: `Fewer calls than recorded. To record them, run npx tributary calls record:
  CountryList: weather.forecast: 0 calls, was 1; the longest chain: 1 call, was 2

1 operation: no more calls than in operations/calls.json, none that grow with a list. The longest chain has 1 call.
`,
    });
  });

  test("fails the check for a new operation until its calls are recorded", async () => {
    branch().write(
      "operations/names.graphql",
      "query Names($first: Int!) { countries(first: $first) { nodes { name } } }",
    );
    expect(await branch().run("check")).toEqual({
      code: 1,
      output: `operations/names.graphql (Names): it has no variables. Add them to operations/variables.json, for a short list and for a longer one:
  "Names": {
    "small": { "first": <Int!> },
    "large": { "first": <Int!> }
  }

1 finding in 2 operations.
`,
    });
    branch().write("operations/variables.json", JSON.stringify({ CountryList: sizes, Names: sizes }));
    expect(await branch().run("check")).toEqual({
      code: 1,
      output: `operations/names.graphql (Names): not recorded yet: 1 call (countries 1), longest chain: 1.
  Record it: npx tributary calls record, then commit operations/calls.json

1 finding in 2 operations.
`,
    });
    expect(await branch().run("record")).toEqual({
      code: 0,
      output: `Recorded in operations/calls.json; commit it:
  Names: 1 call (countries 1), longest chain: 1 (new)
Wrote operations/trusted-documents.json
`,
    });
  });

  test("fails the check with one line if a source is not available", async () => {
    const { code, output } = await branch().run("check", { DATABASE_URL: "sqlite:/" });
    expect(output).toMatch(/^The app did not start: DATABASE_URL: .+\n$/);
    expect(code).toBe(1);
  });

  /** The current line number of the resolver. */
  function countriesNodes(): string {
    const lines = branch().copy.read("resolvers/country.ts").split("\n");
    const line = lines.findIndex((text) => text.startsWith("export function countries("));
    return `CountryConnection.nodes of Query.countries, resolved by countries (resolvers/country.ts:${line + 1})`;
  }
});

/** The recorded calls of the branch with the loader. */
const recordedWithWeather = `${JSON.stringify(
  {
    keysPerCall: {},
    operations: {
      CountryList: {
        sources: { countries: 1, weather: 1 },
        calls: { "countries.countries": 1, "weather.forecast": 1 },
        chain: { length: 2, calls: "countries.countries > weather.forecast" },
      },
    },
  },
  null,
  2,
)}\n`;

interface RecordedBranch extends WeatherBranch {
  /** Runs `tributary calls check` or `record` in the branch. */
  run(command: "check" | "record", environment?: NodeJS.ProcessEnv): Promise<{ code: number | null; output: string }>;
}

/** A branch with recorded calls, which is reset before each test. */
function useBranch(): () => RecordedBranch {
  let services: Services | undefined;
  let branch: RecordedBranch | undefined;
  let recorded = "";
  beforeAll(async () => {
    services = await startServices({ sunLatencyMs: 0 });
    const sources = { COUNTRIES_URL: services.countriesUrl, RATES_URL: services.ratesUrl, SUN_URL: services.sunUrl };
    const weather = await createWeatherBranch();
    const { root } = weather.copy;
    await copySeededSqlite(join(root, "atlas.sqlite"));
    const fixed = { DATABASE_URL: "sqlite:atlas.sqlite", NODE_COMPILE_CACHE: join(root, ".cache"), ...sources };
    const run: RecordedBranch["run"] = (command, environment) => runCalls(root, command, { ...fixed, ...environment });
    branch = { ...weather, run };
    await run("record");
    recorded = weather.copy.read("operations/calls.json");
  });
  beforeEach(async () => {
    await branch?.reset();
    branch?.write("operations/calls.json", recorded);
  });
  afterAll(async () => {
    branch?.[Symbol.dispose]();
    await services?.stop();
  });
  return () => branch ?? expect.fail("The branch is available only within the tests of its describe.");
}

async function runCalls(cwd: string, command: string, environment: NodeJS.ProcessEnv) {
  const { SCHEMA_BASE: _, ...inherited } = process.env;
  const program = join(cwd, "node_modules/.bin/tributary");
  const child = spawn(process.execPath, [program, "calls", command], { cwd, env: { ...inherited, ...environment } });
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { code: code as number | null, output: `${output}${errors}` };
}
