/** `tributary probe` tests whether a running service behaves as a declared batch read assumes: docs/openapi.md. */
import { readFile, writeFile } from "node:fs/promises";
import type { RestKey } from "../../rest/reads.ts";
import { CommandError } from "../command-error.ts";
import { readArguments } from "../command-line.ts";
import { formatted } from "./format.ts";
import { loadDeclaration } from "./probe/declaration.ts";
import { type ProbeRequest, type ProbeResult, probeBatch } from "./probe/probe-batch.ts";
import { isBroken, recordOf, reportOf } from "./probe/report.ts";

export const usage = `Tests whether a running service behaves as a batch read assumes. It only reads, with one call at a time.

  npx tributary probe <declaration> --base-url <url> --keys <key,key,…> [options]

  <declaration>            a file that exports a batch read: written by \`tributary openapi\` or by hand
  --base-url <url>         the base URL of the service
  --keys <key,key,…>       some existing keys; numbers are sent as numbers
  --batch <name>           the name of the batch read, if the file exports several
  --unknown-key <key>      a key that does not exist (default: generated in the format of the first key)
  --header <name: value>   a header of every call; may be repeated; not recorded
  --up-to <count>          test up to this number of keys per call, if it is more than declared
  --max-calls <count>      default: 60
  --max-url-length <count> the readers' limit for the URL of a batch; default: 2000
  --out <file>             default: the name of the declaration with .probe.json

It fails if an assumption of the declaration is false.`;

interface Settings extends ProbeRequest {
  readonly file: string;
  readonly batch?: string;
  readonly out?: string;
}

/** Probes a batch read, and writes the findings to the record in the folder of its declaration. */
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
    throw new CommandError(`${path}: expected the record of a probe, got invalid JSON.`);
  }
}

/** @param args the arguments after the name of the command */
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
    throw new CommandError('Expected a declaration, --base-url and --keys. "tributary probe --help" shows the usage.');
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
  throw new CommandError(`Expected ${option} to be a whole number of at least 1, got ${JSON.stringify(text)}.`);
}

function headerOf(text: string): [string, string] {
  const [, name, value] = /^([^:\s]+):\s*(.+)$/.exec(text) ?? [];
  // Without the actual value, which may be a secret.
  if (name === undefined || value === undefined) throw new CommandError('Expected --header to be "name: value".');
  return [name, value];
}
