import { globSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { copySource, type SourceCopy } from "../docs/source-copy.ts";

/** A fake weather service with entries in the call log. */
const datasource = `import DataLoader from "dataloader";
import type { RequestScope } from "tributary-graphql";

export function createWeather({ calls }: RequestScope) {
  const call = (name: string) => async (countries: readonly string[]) => {
    await calls.beforeCall?.();
    const entry = calls.begin("weather", name, countries.length);
    await new Promise((resolve) => setImmediate(resolve));
    entry.succeed(countries.length);
    return countries.map((country) => \`fine in \${country}\`);
  };
  return { forecast: call("forecast"), forecasts: new DataLoader(call("forecast")), warnings: new DataLoader(call("warnings")) };
}
`;

const field = `import { weatherOf } from "../resolvers/weather.ts";
import { builder } from "./builder.ts";
import { CountryType } from "./country-ref.ts";

builder.objectField(CountryType, "weather", (t) => t.string({ description: "The weather.", resolve: weatherOf }));
`;

/** The start of `resolvers/weather.ts`; the resolver starts in line 7. */
const resolverHead = `import type { Country } from "../datasources/country.ts";
import type { createWeather } from "../datasources/weather.ts";

type Context = { readonly weather: ReturnType<typeof createWeather> };

/** The weather in a country. */
`;

const operation = `query CountryList($first: Int!) {
  countries(first: $first) {
    nodes {
      name
      weather
    }
  }
}
`;

/** The variables of the operation. */
export const sizes = { small: { first: 4 }, large: { first: 16 } };

/** A branch of the source with one operation, for a change that adds the field `Country.weather`. */
export interface WeatherBranch extends Disposable {
  readonly copy: SourceCopy;
  write(path: string, text: string): void;
  /** Writes the resolver of `Country.weather`. */
  resolveWeather(resolver: string): void;
  /** Adds the field to the operation. */
  selectWeather(): void;
  /** Restores the initial files, without `operations/calls.json`. */
  reset(): Promise<void>;
}

/** Initially the schema has the field, its resolver makes no call, and the operation does not select it. */
export async function createWeatherBranch(): Promise<WeatherBranch> {
  const copy = copySource();
  const write = (path: string, text: string): void => writeFileSync(join(copy.root, path), text);
  const change = (path: string, before: string, after: string): void => {
    if (!copy.read(path).includes(before)) throw new Error(`Expected "${before}" in ${path}.`);
    write(path, copy.read(path).replace(before, after));
  };
  write("datasources/weather.ts", datasource);
  write("schema/weather.ts", field);
  change("schema/index.ts", 'import "./sun.ts";', 'import "./sun.ts";\nimport "./weather.ts";');
  change("atlas/app.ts", "return { sources:", "return { weather: createWeather(scope), sources:");
  change("atlas/app.ts", "import ", 'import { createWeather } from "../datasources/weather.ts";\nimport ');
  const resolveWeather = (resolver: string): void => write("resolvers/weather.ts", `${resolverHead}${resolver}`);
  const reset = async (): Promise<void> => {
    for (const path of globSync("operations/*.graphql", { cwd: copy.root })) rmSync(join(copy.root, path));
    rmSync(join(copy.root, "operations/calls.json"), { force: true });
    write("operations/country-list.graphql", operation.replace("      weather\n", ""));
    write("operations/variables.json", JSON.stringify({ CountryList: sizes }));
    resolveWeather("export const weatherOf = () => 'fine';\n");
  };
  await reset();
  return {
    copy,
    write,
    resolveWeather,
    selectWeather: () => write("operations/country-list.graphql", operation),
    reset,
    [Symbol.dispose]: () => copy[Symbol.dispose](),
  };
}
