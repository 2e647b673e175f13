import { globSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { copySource, type SourceCopy } from "../docs/source-copy.ts";

/** A weather service, as far as its calls go: it is in the call log like any other, and answers from memory. */
const datasource = `import DataLoader from "dataloader";
import type { RequestScope } from "tributary-graphql";

export function createWeather({ calls }: RequestScope) {
  const call = (name: string) => async (places: readonly string[]) => {
    await calls.beforeCall?.();
    const entry = calls.begin("weather", name, places.length);
    await new Promise((resolve) => setImmediate(resolve));
    entry.succeed(places.length);
    return places.map((place) => \`fine in \${place}\`);
  };
  return { forecast: call("forecast"), forecasts: new DataLoader(call("forecast")), warnings: new DataLoader(call("warnings")) };
}
`;

const field = `import { weatherOf } from "../resolvers/weather.ts";
import { builder } from "./builder.ts";
import { CountryType } from "./country-ref.ts";

builder.objectField(CountryType, "weather", (t) => t.string({ description: "The weather.", resolve: weatherOf }));
`;

/** What `resolvers/weather.ts` begins with; the resolver follows in line 7. */
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

/** The variables of a list of countries. */
export const sizes = { small: { first: 4 }, large: { first: 16 } };

/** A branch of the source with one operation, to which somebody adds the weather. */
export interface WeatherBranch extends Disposable {
  readonly copy: SourceCopy;
  write(path: string, text: string): void;
  /** Writes the resolver of `Country.weather`. */
  resolveWeather(resolver: string): void;
  /** Adds the weather to the operation. */
  askForWeather(): void;
  /** Back to the beginning, apart from what is recorded. */
  reset(): Promise<void>;
}

/** The graph already has the field, which makes no call; the one operation does not ask for it yet. */
export async function createWeatherBranch(): Promise<WeatherBranch> {
  const copy = copySource();
  const write = (path: string, text: string): void => writeFileSync(join(copy.root, path), text);
  const change = (path: string, before: string, after: string): void => {
    if (!copy.read(path).includes(before)) throw new Error(`${path} has no "${before}" any more.`);
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
    askForWeather: () => write("operations/country-list.graphql", operation),
    reset,
    [Symbol.dispose]: () => copy[Symbol.dispose](),
  };
}
