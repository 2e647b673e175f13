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
 * The top of an OpenAPI document of version 3.0 or 3.1, JSON or YAML, from a file or a URL, with every file that it
 * refers to.
 * @throws CommandError in one line when a file cannot be read, is neither JSON nor YAML, or is no such document
 */
export async function loadDocument(location: string): Promise<DocumentLocation> {
  const url = /^https?:\/\//i.test(location) ? new URL(location).href : pathToFileURL(resolvePath(location)).href;
  const read: ReadFiles = { values: new Map(), lines: new Map() };
  const top = await readInto(read, url, location);
  assertVersion(top, location);
  try {
    await readReferred(read, url, top);
  } catch (error) {
    if (error instanceof RangeError)
      throw new CommandError(`${location}: expected a document, got one that is nested too deeply.`);
    throw error;
  }
  return new DocumentLocation(new Files(read.values, read.lines), url, [], top);
}

/** The files that are read, by URL. */
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

/** Reads whatever other files a file's references name, and those that they name in turn. */
async function readReferred(read: ReadFiles, base: string, file: unknown): Promise<void> {
  const files = new Files(new Map([[base, file]]));
  for (const { reference, owner } of referencesIn(file)) {
    if (files.find(reference, base, owner) !== undefined) continue;
    const url = URL.parse(reference, base);
    if (url === null) throw new CommandError(`${base}: expected a $ref that is a URL, got ${oneLine(reference)}.`);
    url.hash = "";
    if (read.values.has(url.href)) continue;
    if (url.protocol === "file:" && !base.startsWith("file:")) {
      throw new CommandError(`${base}: expected a $ref to a URL, got one to a file of this machine, ${url.href}.`);
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
  // Without quotes, YAML takes 3.1 for a number.
  if (/^3\.[01](\.|$)|^3$/.test(String(openapi))) return;
  const what = [
    openapi === undefined ? "" : `openapi: ${JSON.stringify(openapi)}`,
    swagger === undefined ? "" : `swagger: ${JSON.stringify(swagger)}`,
    isRecord(top) ? "an object without it" : oneLine(JSON.stringify(top).slice(0, 40)),
  ].find((text) => text !== "");
  throw new CommandError(`${location}: expected a document with openapi: "3.0.x" or "3.1.x", got ${what}.`);
}
