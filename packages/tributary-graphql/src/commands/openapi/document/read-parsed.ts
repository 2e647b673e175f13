import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parse as parseYaml } from "yaml";
import { CommandError } from "../../command-error.ts";
import { oneLine } from "../schema/code-text.ts";
import { decodeText } from "./decode-text.ts";
import { LineFinder } from "./line-finder.ts";
import { pointerOf } from "./location.ts";

const timeoutMs = 30_000;

/** Uses of one anchor, anchors in it multiplied: enough for any document, and an end to one that doubles itself. */
const maxAliasCount = 10_000;

/** The content of a file, with its locations. */
export interface ParsedFile {
  readonly value: unknown;
  readonly lines: LineFinder;
}

/**
 * A JSON or YAML file, parsed. JSON is parsed as JSON, which is many times faster than as the YAML that it also is.
 * @param name what messages call the file
 * @throws CommandError in one line
 */
export async function readParsed(url: string, name: string): Promise<ParsedFile> {
  const text = await readText(url, name);
  const value = parsed(text, name);
  const lines = new LineFinder(text);
  const circle = circleIn(value);
  if (circle !== undefined) {
    const line = lines.lineOf(circle);
    const location = line === undefined ? "" : ` (line ${line})`;
    throw new CommandError(
      `${name}#${pointerOf(circle)}: expected a value, got an alias that leads back to what it stands in${location}.`,
    );
  }
  return { value, lines };
}

function parsed(text: string, name: string): unknown {
  const isJson = /^\s*[[{]/.test(text);
  try {
    if (isJson) return JSON.parse(text) ?? null;
  } catch (error) {
    // YAML has such braces too, and keys without quotes in them.
    const value = yamlOf(text);
    if (value instanceof Error) {
      throw new CommandError(`${name}: expected JSON, got a text with a fault: ${firstLine(error)}`);
    }
    return value;
  }
  const value = yamlOf(text);
  if (value instanceof Error) {
    throw new CommandError(`${name}: expected YAML, got a text with a fault: ${firstLine(value)}`);
  }
  return value;
}

function yamlOf(text: string): unknown {
  try {
    return parseYaml(text, { merge: true, maxAliasCount, logLevel: "error" }) ?? null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Where a value stands in itself, which an alias of YAML can do: the keys that lead to it. */
function circleIn(
  value: unknown,
  path: readonly string[] = [],
  above = new Set<unknown>(),
): readonly string[] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (above.has(value)) return path;
  above.add(value);
  for (const [key, below] of Object.entries(value)) {
    const circle = circleIn(below, [...path, key], above);
    if (circle !== undefined) return circle;
  }
  above.delete(value);
  return undefined;
}

async function readText(url: string, name: string): Promise<string> {
  try {
    return decodeText(await readBytes(url));
  } catch (error) {
    throw new CommandError(`${name} cannot be read: ${reasonOf(error)}`);
  }
}

async function readBytes(url: string): Promise<Uint8Array> {
  if (url.startsWith("file:")) return readFile(fileURLToPath(url));
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  if (response.ok) return response.bytes();
  throw new Error(`status ${response.status}`);
}

function reasonOf(error: unknown): string {
  const { code, cause, message } = error as { code?: string; cause?: { code?: string }; message?: string };
  if (code === "ENOENT") return "there is no such file";
  if (code === "EISDIR") return "it is a folder";
  return oneLine(cause?.code ?? message ?? String(error));
}

const firstLine = (error: unknown): string =>
  oneLine((error instanceof Error ? error.message : String(error)).split("\n", 1).join("").replace(/:$/, ""));
