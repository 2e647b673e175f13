import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { CheckError } from "./command-error.ts";

/** The text of a file below `root`; undefined when it is not there. */
export const readText = (root: string, path: string): Promise<string | undefined> =>
  readFile(join(root, path), "utf8").catch(() => undefined);

/** The content of a reviewed JSON file. Throws {@link CheckError} that names the file and what is wrong with it. */
export function parseJsonFile<Schema extends z.ZodType>(path: string, text: string, schema: Schema): z.infer<Schema> {
  const parsed = schema.safeParse(jsonOf(path, text));
  if (parsed.success) return parsed.data;
  throw new CheckError(`${path} is not what it should be:\n${z.prettifyError(parsed.error)}`);
}

function jsonOf(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CheckError(`${path} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
