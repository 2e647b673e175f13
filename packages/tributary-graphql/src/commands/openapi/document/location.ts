import { CommandError } from "../../command-error.ts";
import { oneLine } from "../schema/code-text.ts";
import type { Files } from "./files.ts";
import { isRecord } from "./is-record.ts";

/**
 * A value of a document with its location. Reading it as another type throws a {@link CommandError} with the location, the
 * expected type and the actual one.
 */
export class DocumentLocation {
  readonly value: unknown;
  readonly #files: Files;
  readonly #url: string;
  readonly #path: readonly string[];

  constructor(files: Files, url: string, path: readonly string[], value: unknown) {
    this.#files = files;
    this.#url = url;
    this.#path = path;
    this.value = value;
  }

  /** The name of the file and the JSON Pointer: `petstore.yaml#/paths/~1pets`. */
  get where(): string {
    return oneLine(`${this.#files.nameOf(this.#url)}#${pointerOf(this.#path)}`);
  }

  /** The URL of the file and the JSON Pointer. */
  get identity(): string {
    return `${this.#url}#${pointerOf(this.#path)}`;
  }

  /** The last part of the pointer, `Pet`; for a whole file, its name without the extension. */
  get lastName(): string {
    return this.#path.at(-1) ?? this.#files.nameOf(this.#url).replace(/\.\w+$/, "");
  }

  /** The keys from the top of the file. */
  get path(): readonly string[] {
    return this.#path;
  }

  /**
   * The member of an object. Undefined if this is not an object, or has no such member, or if it is null, as a YAML key
   * without a value.
   */
  at(key: string): DocumentLocation | undefined {
    const value = this.valueAt(key);
    return value == null ? undefined : this.#below(key, value);
  }

  /** The value of a key, which may be null. Undefined if there is none. */
  valueAt(key: string): unknown {
    return isRecord(this.value) && Object.hasOwn(this.value, key) ? this.value[key] : undefined;
  }

  /** The member of an object. @throws CommandError if there is none */
  need(key: string): DocumentLocation {
    this.record();
    return this.at(key) ?? this.refuse(`an object with "${key}"`, "one without it");
  }

  record(): Readonly<Record<string, unknown>> {
    return isRecord(this.value) ? this.value : this.refuse("an object");
  }

  entries(): [string, DocumentLocation][] {
    return Object.entries(this.record()).map(([key, value]) => [key, this.#below(key, value)]);
  }

  items(): DocumentLocation[] {
    if (!Array.isArray(this.value)) this.refuse("an array");
    return (this.value as unknown[]).map((value, index) => this.#below(String(index), value));
  }

  text(): string {
    return typeof this.value === "string" ? this.value : this.refuse("a string");
  }

  isTrue(key: string): boolean {
    return this.valueAt(key) === true;
  }

  /** The string value of a key, or "". */
  textAt(key: string): string {
    return this.at(key)?.text() ?? "";
  }

  /** The value of a key as text for people, or "". In YAML, `1.0` without quotes is a number. */
  proseAt(key: string): string {
    const value = this.valueAt(key);
    return ["string", "number", "boolean"].includes(typeof value) ? String(value) : "";
  }

  /** The end of a chain of `$ref`s; this location if it has no `$ref`. */
  followed(): DocumentLocation {
    return this.chain().at(-1) ?? this;
  }

  /** This location and the targets of its chain of `$ref`s. */
  chain(): readonly DocumentLocation[] {
    const seen = new Set<string>([this.identity]);
    const locations: DocumentLocation[] = [this];
    for (let next = this.referred(); next; next = next.referred()) {
      if (seen.has(next.identity)) next.refuse("a $ref to a value", "a circular $ref");
      seen.add(next.identity);
      locations.push(next);
    }
    return locations;
  }

  /** The target of this location's `$ref`. Undefined if it has none. */
  referred(): DocumentLocation | undefined {
    const reference = this.valueAt("$ref");
    if (typeof reference !== "string") return undefined;
    return this.find(reference) ?? this.refuse("a $ref to an existing value", JSON.stringify(reference));
  }

  /** The target of a reference at this location. Undefined if it does not exist. */
  find(reference: string): DocumentLocation | undefined {
    const target = this.#files.find(reference, this.#url, this.value);
    return target && new DocumentLocation(this.#files, target.url, target.path, target.value);
  }

  #below(key: string, value: unknown): DocumentLocation {
    return new DocumentLocation(this.#files, this.#url, [...this.#path, key], value);
  }

  /** @throws CommandError always */
  refuse(expected: string, actual: string = kindOf(this.value)): never {
    const line = this.#files.lineOf(this.#url, this.#path);
    const suffix = line === undefined ? "" : ` (line ${line})`;
    throw new CommandError(`${this.where}: expected ${oneLine(expected)}, got ${oneLine(actual)}${suffix}.`);
  }
}

export const pointerOf = (path: readonly string[]): string =>
  path.map((key) => `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  if (isRecord(value)) return "an object";
  return value === undefined ? "nothing" : JSON.stringify(value);
}
