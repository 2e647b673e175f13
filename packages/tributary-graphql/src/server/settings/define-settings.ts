import { type EngineConfig, engineConfig, engineSettings } from "./engine-settings.ts";
import { type Environment, readSettings, type Setting, type SettingsByName, type ValueOf } from "./setting.ts";
import { unknownSettings } from "./unknown-settings.ts";
import type { ValueKind } from "./value-kinds.ts";

/** All settings of an app: those of every app, and its own. */
export interface Settings<Config extends EngineConfig = EngineConfig> {
  /** Of the environment variables, in the order that `--help` lists them in. */
  readonly names: readonly string[];
  /**
   * The configuration that these variables give. An empty variable counts as unset.
   * @throws ConfigError with one line that names the first invalid variable, what was expected and what came
   */
  load(environment: Environment): Config;
  /** The text that `--help` prints. */
  help(): string;
  /** A line for each variable that is probably meant as a setting and is none. */
  unknown(environment: Environment): readonly string[];
}

/** The result of `load` for these settings. */
export type ConfigOf<Of> = Of extends Settings<infer Config> ? Config : never;

/** `SUN_LATENCY_MS` as `sunLatencyMs`. */
type PropertyName<Name extends string> = Name extends `${infer First}_${infer Rest}`
  ? `${Lowercase<First>}${Capitalize<PropertyName<Rest>>}`
  : Lowercase<Name>;

type OwnConfig<Own> = { readonly [Name in keyof Own & string as PropertyName<Name>]: ValueOf<Own[Name]> };

/** Refuses a default that is no value of its kind. */
type WithDefaultOfKind<Own> = {
  readonly [Name in keyof Own]: Own[Name] extends { readonly kind: ValueKind<infer Value> } ? Setting<Value> : never;
};

/**
 * The settings of an app: each of its own by the name of its environment variable, with its meaning, the kind of its value
 * and its default. Those of the engine (`HOST`, `PORT`, `WORKERS`, `LOG_LEVEL`, …) are there besides. In the configuration
 * `SUN_LATENCY_MS` is `sunLatencyMs`.
 *
 * @example
 * export const settings = defineSettings({
 *   DATABASE_URL: { meaning: "where the data is", kind: databaseUrl, isRequired: true },
 *   PRICES_URL: { meaning: "base URL of the price service", kind: httpUrl, default: "http://127.0.0.1:4101" },
 *   PRICES_POLL_MS: { meaning: "how often prices are asked for", kind: wholeNumber(10, 60_000), default: 1_000 },
 * });
 * const { port, databaseUrl, pricesPollMs } = settings.load(process.env);
 *
 * @throws TypeError for a name that the engine has, and for one that is not written in capitals
 */
export function defineSettings<const Own extends SettingsByName>(
  own: Own & WithDefaultOfKind<Own>,
): Settings<EngineConfig & OwnConfig<Own>> {
  for (const name of Object.keys(own)) assertOwnName(name);
  const all: SettingsByName = { ...engineSettings, ...own };
  const names = Object.keys(all);
  return {
    names,
    load(environment) {
      const ofEngine = engineConfig(readSettings(engineSettings, environment));
      const values = Object.entries(readSettings(own, environment));
      const ofApp = Object.fromEntries(values.map(([name, value]) => [propertyName(name), value]));
      return { ...ofEngine, ...(ofApp as OwnConfig<Own>) };
    },
    help: () => helpOf(all),
    unknown: (environment) => unknownSettings(names, environment),
  };
}

function assertOwnName(name: string): void {
  if (Object.hasOwn(engineSettings, name)) throw new TypeError(`${name} is a setting of every app already.`);
  if (!/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/.test(name))
    throw new TypeError(
      `Expected the name of a setting in capitals, such as DATABASE_URL, got ${JSON.stringify(name)}.`,
    );
}

const propertyName = (name: string): string =>
  name.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

function helpOf(all: SettingsByName): string {
  const width = Math.max(...Object.keys(all).map((name) => name.length)) + 2;
  const lines = Object.entries(all).map(
    ([name, setting]) => `  ${name.padEnd(width)}${setting.meaning}${unset(setting)}`,
  );
  return [
    "Usage: npm start",
    "",
    "Starts the gateway, and prints its address once it answers. There are no arguments:",
    "settings come from the environment, as in PORT=8080 npm start.",
    "",
    ...lines,
  ].join("\n");
}

/** The default of an unset variable, where the meaning does not say it. */
function unset({ default: value, isRequired }: Setting): string {
  if (isRequired) return " (required)";
  return typeof value === "string" || typeof value === "number" ? ` (default: ${value})` : "";
}
