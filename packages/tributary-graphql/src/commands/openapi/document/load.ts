import { resolve as resolvePath } from "node:path";
import { pathToFileURL } from "node:url";
import { CommandError } from "../../command-error.ts";
import { oneLine } from "../schema/code-text.ts";
import { Files } from "./files.ts";
import { dataKeys, nameKeys } from "./identifiers.ts";
import { isRecord } from "./is-record.ts";
import type { LineFinder } from "./line-finder.ts";
import { DocumentLocation } from "./location.ts";
import { readParsed } from "./read-parsed.ts";

/**
 * Loads an OpenAPI document of version 3.0 or 3.1, JSON or YAML, from a file or a URL, with all files that it refers to.
 * @throws CommandError with one line, for a file that cannot be read or parsed, or is not such a document
 */
export async function loadDocument(location: string): Promise<DocumentLocation> {
  const url = /^https?:\/\//i.test(location) ? new URL(location).href : pathToFileURL(resolvePath(location)).href;
  const read: ReadFiles = { values: new Map(), lines: new Map() };
  const top = await readInto(read, url, location);
  assertVersion(top, location);
  try {
    await readReferred(read, url, top);
  } catch (error) {
    if (error instanceof RangeError) throw new CommandError(`${location}: the document is nested too deeply.`);
    throw error;
  }
  return new DocumentLocation(new Files(read.values, read.lines), url, [], top);
}

/** By URL. */
interface ReadFiles {
  readonly values: Map<string, unknown>;
  readonly lines: Map<string, LineFinder>;
}

async function readInto({ values, lines }: ReadFiles, url: string, name: string): Promise<unknown> {
  const file = await readParsed(url, name);
  values.set(url, file.value);
  lines.set(url, file.lines);
  return file.value;
}

/** Reads the files that a file refers to, recursively. */
async function readReferred(read: ReadFiles, base: string, file: unknown): Promise<void> {
  const files = new Files(new Map([[base, file]]));
  for (const { reference, owner } of referencesIn(file)) {
    if (files.find(reference, base, owner) !== undefined) continue;
    const url = URL.parse(reference, base);
    if (url === null) throw new CommandError(`${base}: expected a URL as $ref, got ${oneLine(reference)}.`);
    url.hash = "";
    if (read.values.has(url.href)) continue;
    if (url.protocol === "file:" && !base.startsWith("file:")) {
      throw new CommandError(`${base}: expected a $ref to a URL, got one to a local file, ${url.href}.`);
    }
    await readReferred(read, url.href, await readInto(read, url.href, url.href));
  }
}

interface Reference {
  readonly reference: string;
  readonly owner: object;
}

function referencesIn(file: unknown): Reference[] {
  const found: Reference[] = [];
  const seen = new Set<object>();
  const visit = (value: unknown, areNames: boolean): void => {
    if (typeof value !== "object" || value === null || seen.has(value)) return;
    seen.add(value);
    if (Array.isArray(value)) {
      for (const item of value) visit(item, false);
      return;
    }
    const { $ref } = value as { $ref?: unknown };
    if (!areNames && typeof $ref === "string") found.push({ reference: $ref, owner: value });
    for (const [key, below] of Object.entries(value)) {
      if (areNames || !dataKeys.test(key)) visit(below, !areNames && nameKeys.test(key));
    }
  };
  visit(file, false);
  return found;
}

function assertVersion(top: unknown, location: string): void {
  const { openapi, swagger } = isRecord(top) ? top : {};
  // In YAML, 3.1 without quotes is a number.
  if (/^3\.[01](\.|$)|^3$/.test(String(openapi))) return;
  const actual = [
    openapi === undefined ? "" : `openapi: ${JSON.stringify(openapi)}`,
    swagger === undefined ? "" : `swagger: ${JSON.stringify(swagger)}`,
    isRecord(top) ? 'an object without "openapi"' : oneLine(JSON.stringify(top).slice(0, 40)),
  ].find((text) => text !== "");
  throw new CommandError(`${location}: expected a document with openapi: "3.0.x" or "3.1.x", got ${actual}.`);
}
