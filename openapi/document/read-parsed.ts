import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parse as parseYaml } from "yaml";
import { CheckError } from "../../checks/check-error.ts";

const timeoutMs = 30_000;

/**
 * A JSON or YAML file, parsed. JSON is parsed as JSON, which is many times faster than as the YAML that it also is.
 * @param name what messages call the file
 * @throws CheckError in one line
 */
export async function readParsed(url: string, name: string): Promise<unknown> {
  const text = await readText(url, name);
  const isJson = /^\s*[[{]/.test(text);
  try {
    return (isJson ? JSON.parse(text) : parseYaml(text)) ?? null;
  } catch (error) {
    throw new CheckError(`${name}: expected ${isJson ? "JSON" : "YAML"}, got a text with a fault: ${firstLine(error)}`);
  }
}

async function readText(url: string, name: string): Promise<string> {
  try {
    if (url.startsWith("file:")) return await readFile(fileURLToPath(url), "utf8");
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    if (response.ok) return await response.text();
    throw new Error(`status ${response.status}`);
  } catch (error) {
    throw new CheckError(`${name} cannot be read: ${reasonOf(error)}`);
  }
}

function reasonOf(error: unknown): string {
  const { code, cause, message } = error as { code?: string; cause?: { code?: string }; message?: string };
  if (code === "ENOENT") return "there is no such file";
  return cause?.code ?? message ?? String(error);
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n", 1).join("").replace(/:$/, "");
