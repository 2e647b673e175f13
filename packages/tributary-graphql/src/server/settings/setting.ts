import type { ValueKind } from "./value-kinds.ts";

/** An environment variable that an app reads. An empty one counts as unset. */
export interface Setting<Value = unknown> {
  /** One line for `--help`, without the default. */
  readonly meaning: string;
  readonly kind: ValueKind<Value>;
  /** The value of an unset variable. Default: undefined. */
  readonly default?: Value;
  /** Whether an unset variable stops the start. Default false. */
  readonly isRequired?: boolean;
}

/** By the names of the variables. */
export type SettingsByName = Readonly<Record<string, Setting>>;

export type Environment = Readonly<Record<string, string | undefined>>;

/** The type of a setting's value. It includes undefined for an optional setting without a default. */
export type ValueOf<Own> = Own extends { readonly kind: ValueKind<infer Value> }
  ? Own extends { readonly default: NonNullable<unknown> } | { readonly isRequired: true }
    ? Value
    : Value | undefined
  : never;

export type ValuesOf<Own> = { readonly [Name in keyof Own]: ValueOf<Own[Name]> };

/** An invalid setting. Its message is one line, which the process prints before it exits. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/**
 * The values of the settings, by their names.
 * @throws ConfigError with the first invalid variable, the expected value and the actual one
 */
export function readSettings<Own extends SettingsByName>(own: Own, environment: Environment): ValuesOf<Own> {
  const values = Object.entries(own).map(([name, setting]) => [name, readSetting(name, setting, environment)]);
  return Object.fromEntries(values) as ValuesOf<Own>;
}

function readSetting(name: string, setting: Setting, environment: Environment): unknown {
  const { kind, isRequired = false } = setting;
  const text = environment[name]?.trim();
  if (text === undefined || text === "") {
    if (isRequired) throw new ConfigError(`${name}: expected ${kind.expected}, but it is not set`);
    return setting.default;
  }
  const value = kind.parse(text);
  const shown = kind.shown ?? JSON.stringify;
  if (value === undefined) throw new ConfigError(`${name}: expected ${kind.expected}, got ${shown(text)}`);
  return value;
}
