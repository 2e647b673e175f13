/** A value of an answer, as JSON has it. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

export type Path = readonly (string | number)[];

export interface ResponseError {
  readonly message: string;
  readonly path?: Path;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** What a stream's payloads come to. */
export interface Merged {
  readonly data: Json;
  readonly errors: readonly ResponseError[];
  /** The fragments and lists that were announced to come later, or, where a format announces none, that came. */
  readonly parts: readonly Part[];
  /** How many of them failed as a whole: their place in the data is then left as it was. */
  readonly failures: number;
}

export interface Part {
  readonly path: Path;
  readonly label: string | undefined;
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const pathText = (path: Path): string => path.join(".");

/** The stream broke its format's rules. */
export class IllegalStream extends Error {
  override readonly name = "IllegalStream";
}

/** @throws IllegalStream when the path leads nowhere */
export function valueAt(data: Json, path: Path): Json {
  let value: Json | undefined = data;
  for (const step of path) {
    if (Array.isArray(value) && typeof step === "number") value = value[step];
    else if (isObject(value) && typeof step === "string" && Object.hasOwn(value, step)) value = value[step];
    else value = undefined;
    if (value === undefined) throw new IllegalStream(`The path ${pathText(path)} does not exist.`);
  }
  return value ?? null;
}

/** @throws IllegalStream when there is no object at the path */
export function objectAt(data: Json, path: Path): JsonObject {
  const value = valueAt(data, path);
  if (!isObject(value)) throw new IllegalStream(`Expected an object at ${pathText(path)}, found ${kindOf(value)}.`);
  return value;
}

/** @throws IllegalStream when there is no list at the path */
export function listAt(data: Json, path: Path): Json[] {
  const value = valueAt(data, path);
  if (!Array.isArray(value)) throw new IllegalStream(`Expected a list at ${pathText(path)}, found ${kindOf(value)}.`);
  return value;
}

export const kindOf = (value: unknown): string =>
  Array.isArray(value) ? "a list" : value === null ? "null" : typeof value;
