import { resolve as resolvePath } from "node:path";
import { pathToFileURL } from "node:url";
import { CheckError } from "../../checks/check-error.ts";
import { Files } from "./files.ts";
import { isRecord, Place } from "./place.ts";
import { readParsed } from "./read-parsed.ts";

/**
 * The top of an OpenAPI document of version 3.0 or 3.1, JSON or YAML, from a file or a URL, with every file that it
 * refers to.
 * @throws CheckError in one line when a file cannot be read, is neither JSON nor YAML, or is no such document
 */
export async function loadDocument(location: string): Promise<Place> {
  const url = /^https?:\/\//i.test(location) ? new URL(location).href : pathToFileURL(resolvePath(location)).href;
  const values = new Map([[url, await readParsed(url, location)]]);
  const top = values.get(url);
  assertVersion(top, location);
  await readReferred(values, url, top);
  return new Place(new Files(values), url, [], top);
}

/** Reads whatever other files a file's references name, and those that they name in turn. */
async function readReferred(values: Map<string, unknown>, base: string, file: unknown): Promise<void> {
  for (const reference of referencesIn(file)) {
    if (!URL.canParse(reference, base))
      throw new CheckError(`${base}: expected a $ref that is a URL, got ${reference}.`);
    const url = new URL(reference, base);
    url.hash = "";
    if (values.has(url.href)) continue;
    if (url.protocol === "file:" && !base.startsWith("file:")) {
      throw new CheckError(`${base}: expected a $ref to a URL, got one to a file of this machine, ${reference}.`);
    }
    const value = await readParsed(url.href, url.href);
    values.set(url.href, value);
    await readReferred(values, url.href, value);
  }
}

/** What stands below these keys is data: a `$ref` in it leads nowhere. */
const dataKeys = /^(examples?|default|const|enum|x-.*)$/;

function* referencesIn(value: unknown, isNames = false): Generator<string> {
  if (Array.isArray(value)) for (const item of value) yield* referencesIn(item);
  if (!isRecord(value)) return;
  if (typeof value.$ref === "string") yield value.$ref;
  for (const [key, below] of Object.entries(value)) {
    // The keys of `properties` are names that a schema chose, and `example` is as good a name as any.
    if (isNames || !dataKeys.test(key)) yield* referencesIn(below, key === "properties");
  }
}

function assertVersion(top: unknown, location: string): void {
  const { openapi, swagger } = isRecord(top) ? top : {};
  if (typeof openapi === "string" && /^3\.[01]\./.test(openapi)) return;
  const what = [
    openapi === undefined ? "" : `openapi: ${JSON.stringify(openapi)}`,
    swagger === undefined ? "" : `swagger: ${JSON.stringify(swagger)}`,
    isRecord(top) ? "an object without it" : JSON.stringify(top).slice(0, 40),
  ].find((text) => text !== "");
  throw new CheckError(`${location}: expected a document with openapi: "3.0.x" or "3.1.x", got ${what}.`);
}
