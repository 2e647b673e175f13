import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { CommandError } from "./command-error.ts";

/** The text of a file below `root`; undefined if it does not exist. */
export const readText = (root: string, path: string): Promise<string | undefined> =>
  readFile(join(root, path), "utf8").catch(() => undefined);

/** Parses and validates the text of a JSON file. @throws CommandError with the path of the file and its faults */
export function parseJsonFile<Schema extends z.ZodType>(path: string, text: string, schema: Schema): z.infer<Schema> {
  const parsed = schema.safeParse(jsonOf(path, text));
  if (parsed.success) return parsed.data;
  throw new CommandError(`${path} is invalid:\n${z.prettifyError(parsed.error)}`);
}

function jsonOf(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CommandError(`${path} is not valid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
