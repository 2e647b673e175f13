import { type EngineConfig, engineConfig, engineSettings } from "./engine-settings.ts";
import { type Environment, readSettings, type Setting, type SettingsByName, type ValueOf } from "./setting.ts";
import { unknownSettings } from "./unknown-settings.ts";
import type { ValueKind } from "./value-kinds.ts";

/** The settings of an app: those of the engine, and its own. */
export interface Settings<Config extends EngineConfig = EngineConfig> {
  /** The names of the environment variables, in the order of `--help`. */
  readonly names: readonly string[];
  /**
   * Parses the variables. An empty variable counts as unset.
   * @throws ConfigError with one line: the first invalid variable, the expected value and the actual one
   */
  load(environment: Environment): Config;
  /** The text that `--help` prints. */
  help(): string;
  /** One line per variable that looks like a misspelled setting. */
  unknown(environment: Environment): readonly string[];
}

/** The result of `load` for these settings. */
export type ConfigOf<Of> = Of extends Settings<infer Config> ? Config : never;

/** `SUN_LATENCY_MS` as `sunLatencyMs`. */
type PropertyName<Name extends string> = Name extends `${infer First}_${infer Rest}`
  ? `${Lowercase<First>}${Capitalize<PropertyName<Rest>>}`
  : Lowercase<Name>;

type OwnConfig<Own> = { readonly [Name in keyof Own & string as PropertyName<Name>]: ValueOf<Own[Name]> };

/** Checks that each default has the type of its kind. */
type WithDefaultOfKind<Own> = {
  readonly [Name in keyof Own]: Own[Name] extends { readonly kind: ValueKind<infer Value> } ? Setting<Value> : never;
};

/**
 * Defines the settings of an app, by the names of their environment variables. The settings of the engine (`HOST`, `PORT`,
 * `WORKERS`, `LOG_LEVEL`, …) are added. In the configuration `SUN_LATENCY_MS` is `sunLatencyMs`.
 *
 * @example
 * export const settings = defineSettings({
 *   DATABASE_URL: { meaning: "where the data is", kind: databaseUrl, isRequired: true },
 *   PRICES_URL: { meaning: "base URL of the price service", kind: httpUrl, default: "http://127.0.0.1:4101" },
 *   PRICES_POLL_MS: { meaning: "how often prices are asked for", kind: wholeNumber(10, 60_000), default: 1_000 },
 * });
 * const { port, databaseUrl, pricesPollMs } = settings.load(process.env);
 *
 * @throws TypeError for a name that is a setting of the engine, or that is not in capitals
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
  if (Object.hasOwn(engineSettings, name))
    throw new TypeError(`${name} is a setting of the engine: choose another name.`);
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
    ([name, setting]) => `  ${name.padEnd(width)}${setting.meaning}${defaultText(setting)}`,
  );
  return [
    "Usage: npm start",
    "",
    "Starts the gateway, and prints its address when it is ready. There are no arguments:",
    "settings come from the environment, as in PORT=8080 npm start.",
    "",
    ...lines,
  ].join("\n");
}

/** The default of a setting, where its meaning does not name it. */
function defaultText({ default: value, isRequired }: Setting): string {
  if (isRequired) return " (required)";
  return typeof value === "string" || typeof value === "number" ? ` (default: ${value})` : "";
}
