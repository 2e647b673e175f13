/** A value of a response. */
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

/** The merged payloads of a stream. */
export interface Merged {
  readonly data: Json;
  readonly errors: readonly ResponseError[];
  /** The announced deferred fragments and streamed lists; in a format without announcement, the delivered ones. */
  readonly parts: readonly Part[];
  /** Number of failed parts, which leave the data unchanged. */
  readonly failures: number;
}

export interface Part {
  readonly path: Path;
  readonly label: string | undefined;
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const pathText = (path: Path): string => path.join(".");

/** A stream that violates its format. */
export class InvalidStream extends Error {
  override readonly name = "InvalidStream";
}

/** @throws InvalidStream if the path does not exist */
export function valueAt(data: Json, path: Path): Json {
  let value: Json | undefined = data;
  for (const step of path) {
    if (Array.isArray(value) && typeof step === "number") value = value[step];
    else if (isObject(value) && typeof step === "string" && Object.hasOwn(value, step)) value = value[step];
    else value = undefined;
    if (value === undefined) throw new InvalidStream(`The path ${pathText(path)} does not exist.`);
  }
  return value ?? null;
}

/** @throws InvalidStream if there is no object at the path */
export function objectAt(data: Json, path: Path): JsonObject {
  const value = valueAt(data, path);
  if (!isObject(value)) throw new InvalidStream(`Expected an object at ${pathText(path)}, got ${kindOf(value)}.`);
  return value;
}

/** @throws InvalidStream if there is no list at the path */
export function listAt(data: Json, path: Path): Json[] {
  const value = valueAt(data, path);
  if (!Array.isArray(value)) throw new InvalidStream(`Expected a list at ${pathText(path)}, got ${kindOf(value)}.`);
  return value;
}

export const kindOf = (value: unknown): string =>
  Array.isArray(value) ? "a list" : value === null ? "null" : typeof value;
