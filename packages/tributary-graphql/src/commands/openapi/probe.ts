/**
 * Asks a live service whether it does what a declared batch read assumes: docs/openapi.md.
 *
 *     npx tributary probe datasources/pets-service.ts --base-url https://api.example.org --keys 1,2,3
 */
import { readFile, writeFile } from "node:fs/promises";
import type { RestKey } from "../../rest/reads.ts";
import { CommandError } from "../command-error.ts";
import { readArguments } from "../command-line.ts";
import { formatted } from "./format.ts";
import { loadDeclaration } from "./probe/declaration.ts";
import { type ProbeRequest, type ProbeResult, probeBatch } from "./probe/probe-batch.ts";
import { isBroken, recordOf, reportOf } from "./probe/report.ts";

export const usage = `Asks a live service whether it does what a batch read assumes. Only reads, one call after the other.

  npx tributary probe <declaration> --base-url <url> --keys <key,key,…> [options]

  <declaration>            a file that exports a batch read: what \`tributary openapi\` writes, or one written by hand
  --base-url <url>         where the service is
  --keys <key,key,…>       some keys that it knows; numbers are sent as numbers
  --batch <name>           which batch read, when the file exports several
  --unknown-key <key>      a key that it does not know (default: one made up in the likeness of the first)
  --header <name: value>   sent with every call; may be repeated; never written down
  --up-to <count>          try more keys in one call than are declared
  --max-calls <count>      default: 60
  --max-url-length <count> where the readers cut a batch; default: 2000
  --out <file>             default: the declaration's name with .probe.json

It fails when an assumption of the declaration is false.`;

interface Settings extends ProbeRequest {
  readonly file: string;
  readonly batch?: string;
  readonly out?: string;
}

/** Probes one batch read and writes what was found into the record beside its declaration. */
export async function probeService(
  settings: Settings,
  date = new Date(),
): Promise<{ path: string; result: ProbeResult }> {
  const { name, declaration } = await loadDeclaration(settings.file, settings.batch);
  const result = await probeBatch(declaration, settings);
  const path = settings.out ?? settings.file.replace(/\.[cm]?[jt]s$/, ".probe.json");
  const records = { ...(await readRecords(path)), [name]: recordOf(result, date) };
  await writeFile(path, await formatted(JSON.stringify(records), "json"));
  return { path, result };
}

async function readRecords(path: string): Promise<Record<string, unknown>> {
  const text = await readFile(path, "utf8").catch(() => "{}");
  try {
    return JSON.parse(text);
  } catch {
    throw new CommandError(`${path}: expected the record of a probe, got a file that is not JSON.`);
  }
}

/** @param args as they stand behind the command's name */
export async function command(args: readonly string[]): Promise<boolean> {
  const [argument = "--help"] = args;
  if (argument === "--help" || argument === "-h") {
    console.log(usage);
    return true;
  }
  const { path, result } = await probeService(readSettings(args));
  console.log(`${reportOf(result)}Wrote ${path}.`);
  return !isBroken(result);
}

function readSettings(args: readonly string[]): Settings {
  const text = { type: "string" } as const;
  const names = ["base-url", "keys", "batch", "unknown-key", "up-to", "max-calls", "max-url-length", "out"] as const;
  const options = Object.fromEntries(names.map((name) => [name, text])) as Record<(typeof names)[number], typeof text>;
  const { values, positionals } = readArguments({
    args: [...args],
    allowPositionals: true,
    options: { ...options, header: { type: "string", multiple: true } },
  });
  const [file] = positionals;
  const { "base-url": baseUrl, keys, batch, out } = values;
  if (file === undefined || baseUrl === undefined || !keys) {
    throw new CommandError("Expected a declaration, --base-url and --keys. Without arguments, the usage is shown.");
  }
  return {
    file,
    baseUrl,
    batch,
    out,
    keys: keys.split(",").map(keyOf),
    unknownKey: values["unknown-key"] === undefined ? undefined : keyOf(values["unknown-key"]),
    upTo: countOf(values["up-to"], "--up-to"),
    maxCalls: countOf(values["max-calls"], "--max-calls"),
    maxUrlLength: countOf(values["max-url-length"], "--max-url-length"),
    headers: Object.fromEntries((values.header ?? []).map(headerOf)),
  };
}

const keyOf = (text: string): RestKey => (/^(0|[1-9]\d{0,14})$/.test(text.trim()) ? Number(text) : text.trim());

function countOf(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new CommandError(`Expected ${option} to be a whole number from 1 on, got ${JSON.stringify(text)}.`);
}

function headerOf(text: string): [string, string] {
  const [, name, value] = /^([^:\s]+):\s*(.+)$/.exec(text) ?? [];
  // The value may be a secret, and is not shown.
  if (name === undefined || value === undefined) throw new CommandError('Expected --header to be "name: value".');
  return [name, value];
}
