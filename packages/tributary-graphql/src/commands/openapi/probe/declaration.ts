import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { KeyEncoding, Path, RestKey } from "../../../rest/reads.ts";
import { CommandError } from "../../command-error.ts";

/** The declaration of a batch read, and of the read of one of its rows. */
export interface BatchDeclaration {
  readonly call: string;
  readonly path: Path;
  readonly query?: URLSearchParams;
  readonly keys: KeyEncoding;
  readonly body: StandardSchemaV1;
  readonly items?: (body: unknown) => readonly unknown[];
  readonly keyOf: (row: unknown) => RestKey | null | undefined;
  /** Default 100, as in the readers. */
  readonly maxKeys?: number;
  readonly single?: { readonly path: (key: RestKey) => Path; readonly body: StandardSchemaV1 };
}

/**
 * Loads the batch read that a file exports.
 * @param name the name of its export. Default: the only batch read.
 * @throws CommandError if there is none, or if there are several and no name
 */
export async function loadDeclaration(
  file: string,
  name?: string,
): Promise<{ name: string; declaration: BatchDeclaration }> {
  const declarations = Object.entries(await importFile(file)).filter(isDeclared);
  const names = declarations.map(([exported]) => exported).join(", ");
  if (declarations.length === 0) {
    throw new CommandError(`${file}: expected an export with call, path, keys, body and keyOf, got none.`);
  }
  const found = declarations.filter(([exported]) => name === undefined || exported === name);
  const [first, ...more] = found;
  if (first === undefined) throw new CommandError(`${file}: expected --batch to be one of ${names}, got ${name}.`);
  if (more.length > 0) throw new CommandError(`${file} has several batch reads: choose one with --batch: ${names}.`);
  return { name: first[0], declaration: first[1] };
}

async function importFile(file: string): Promise<Record<string, unknown>> {
  try {
    return await import(pathToFileURL(resolve(file)).href);
  } catch (error) {
    throw new CommandError(`${file} cannot be loaded: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function isDeclared(exported: [string, unknown]): exported is [string, BatchDeclaration] {
  const [, value] = exported;
  if (typeof value !== "object" || value === null) return false;
  const { call, path, keys, body, keyOf } = value as Partial<Record<keyof BatchDeclaration, unknown>>;
  const isEncoding = typeof keys === "object" && keys !== null && "requestOf" in keys;
  const isSchema = typeof body === "object" && body !== null && "~standard" in body;
  return typeof call === "string" && typeof path === "string" && isEncoding && isSchema && typeof keyOf === "function";
}
