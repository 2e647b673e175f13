import { CommandError } from "../../command-error.ts";
import { oneLine } from "../schema/code-text.ts";
import type { Files } from "./files.ts";
import { isRecord } from "./is-record.ts";

/**
 * A value of a document together with where it stands, so that whatever is wrong can be named: reading it as something
 * that it is not throws a {@link CommandError} that says what was expected, what came and where.
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

  /** `petstore.yaml#/paths/~1pets`: the file's name and the JSON Pointer into it. */
  get where(): string {
    return oneLine(`${this.#files.nameOf(this.#url)}#${pointerOf(this.#path)}`);
  }

  /** The same location has the same identity, however it was reached. */
  get identity(): string {
    return `${this.#url}#${pointerOf(this.#path)}`;
  }

  /** The last part of the pointer, `Pet`; for a whole file its name without the ending. */
  get lastName(): string {
    return this.#path.at(-1) ?? this.#files.nameOf(this.#url).replace(/\.\w+$/, "");
  }

  /** The keys that lead here, from the top of the file. */
  get path(): readonly string[] {
    return this.#path;
  }

  /**
   * The member of an object, or undefined; also where this is no object, and where the member is null, which is how a
   * key of YAML has that nothing follows.
   */
  at(key: string): DocumentLocation | undefined {
    const value = this.valueAt(key);
    return value == null ? undefined : this.#below(key, value);
  }

  /** The value under a key as it is, null included; undefined where there is none. */
  valueAt(key: string): unknown {
    return isRecord(this.value) && Object.hasOwn(this.value, key) ? this.value[key] : undefined;
  }

  /** The member of an object. */
  need(key: string): DocumentLocation {
    this.record();
    return this.at(key) ?? this.refuse(`an object with "${key}"`, "one without");
  }

  record(): Readonly<Record<string, unknown>> {
    return isRecord(this.value) ? this.value : this.refuse("an object");
  }

  entries(): [string, DocumentLocation][] {
    return Object.entries(this.record()).map(([key, value]) => [key, this.#below(key, value)]);
  }

  items(): DocumentLocation[] {
    if (!Array.isArray(this.value)) this.refuse("a list");
    return (this.value as unknown[]).map((value, index) => this.#below(String(index), value));
  }

  text(): string {
    return typeof this.value === "string" ? this.value : this.refuse("a text");
  }

  isTrue(key: string): boolean {
    return this.valueAt(key) === true;
  }

  /** The text under a key, or "". */
  textAt(key: string): string {
    return this.at(key)?.text() ?? "";
  }

  /** Words for people under a key, or "". Without quotes, YAML takes `1.0` for a number and `no` for itself. */
  proseAt(key: string): string {
    const value = this.valueAt(key);
    return ["string", "number", "boolean"].includes(typeof value) ? String(value) : "";
  }

  /** The end of a chain of `$ref`s; this location itself when it has none. */
  followed(): DocumentLocation {
    return this.chain().at(-1) ?? this;
  }

  /** This location, and those that its `$ref` leads to one after the other. */
  chain(): readonly DocumentLocation[] {
    const seen = new Set<string>([this.identity]);
    const locations: DocumentLocation[] = [this];
    for (let next = this.referred(); next; next = next.referred()) {
      if (seen.has(next.identity)) next.refuse("a $ref that leads somewhere", "one that leads back to itself");
      seen.add(next.identity);
      locations.push(next);
    }
    return locations;
  }

  /** Where this location's `$ref` leads, or undefined when it has none. */
  referred(): DocumentLocation | undefined {
    const reference = this.valueAt("$ref");
    if (typeof reference !== "string") return undefined;
    return this.find(reference) ?? this.refuse("a $ref to something that is there", JSON.stringify(reference));
  }

  /** Where a reference that is written here leads, or undefined when nothing is there. */
  find(reference: string): DocumentLocation | undefined {
    const target = this.#files.find(reference, this.#url, this.value);
    return target && new DocumentLocation(this.#files, target.url, target.path, target.value);
  }

  #below(key: string, value: unknown): DocumentLocation {
    return new DocumentLocation(this.#files, this.#url, [...this.#path, key], value);
  }

  /** @throws CommandError always */
  refuse(expected: string, came: string = kindOf(this.value)): never {
    const line = this.#files.lineOf(this.#url, this.#path);
    const location = line === undefined ? "" : ` (line ${line})`;
    throw new CommandError(`${this.where}: expected ${oneLine(expected)}, got ${oneLine(came)}${location}.`);
  }
}

export const pointerOf = (path: readonly string[]): string =>
  path.map((key) => `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (isRecord(value)) return "an object";
  return value === undefined ? "nothing" : JSON.stringify(value);
}
