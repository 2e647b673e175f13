import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parse as parseYaml } from "yaml";
import { CommandError } from "../../command-error.ts";
import { oneLine } from "../schema/code-text.ts";
import { decodeText } from "./decode-text.ts";
import { LineFinder } from "./line-finder.ts";
import { pointerOf } from "./location.ts";

const timeoutMs = 30_000;

/** The limit of yaml for uses of an anchor, multiplied by those of nested anchors: it refuses a "billion laughs" document. */
const maxAliasCount = 10_000;

/** The content of a file. */
export interface ParsedFile {
  readonly value: unknown;
  readonly lines: LineFinder;
}

/**
 * Reads and parses a JSON or YAML file. JSON is parsed as JSON, which is many times faster than as YAML.
 * @param name the name of the file in messages
 * @throws CommandError with one line
 */
export async function readParsed(url: string, name: string): Promise<ParsedFile> {
  const text = await readText(url, name);
  const value = parsed(text, name);
  const lines = new LineFinder(text);
  const cycle = cycleIn(value);
  if (cycle !== undefined) {
    const line = lines.lineOf(cycle);
    const suffix = line === undefined ? "" : ` (line ${line})`;
    throw new CommandError(
      `${name}#${pointerOf(cycle)}: expected a value, got an alias of a value that contains it${suffix}.`,
    );
  }
  return { value, lines };
}

function parsed(text: string, name: string): unknown {
  const isJson = /^\s*[[{]/.test(text);
  try {
    if (isJson) return JSON.parse(text) ?? null;
  } catch (error) {
    // YAML may begin with a brace too, and has keys without quotes.
    const value = yamlOf(text);
    if (value instanceof Error) {
      throw new CommandError(`${name} is not valid JSON: ${firstLine(error)}`);
    }
    return value;
  }
  const value = yamlOf(text);
  if (value instanceof Error) {
    throw new CommandError(`${name} is not valid YAML: ${firstLine(value)}`);
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

/** The path of an object that contains itself, by an alias of YAML. Undefined if there is none. */
function cycleIn(
  value: unknown,
  path: readonly string[] = [],
  ancestors = new Set<unknown>(),
): readonly string[] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (ancestors.has(value)) return path;
  ancestors.add(value);
  for (const [key, child] of Object.entries(value)) {
    const cycle = cycleIn(child, [...path, key], ancestors);
    if (cycle !== undefined) return cycle;
  }
  ancestors.delete(value);
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
  if (code === "ENOENT") return "the file does not exist";
  if (code === "EISDIR") return "it is a folder";
  return oneLine(cause?.code ?? message ?? String(error));
}

const firstLine = (error: unknown): string =>
  oneLine((error instanceof Error ? error.message : String(error)).split("\n", 1).join("").replace(/:$/, ""));
