import { CheckError } from "../../checks/check-error.ts";
import type { Files } from "./files.ts";

/**
 * A value of a document together with where it stands, so that whatever is wrong can be named: reading it as something
 * that it is not throws a {@link CheckError} that says what was expected, what came and where.
 */
export class Place {
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
    return `${this.#files.nameOf(this.#url)}#${pointerOf(this.#path)}`;
  }

  /** The same place has the same identity, however it was reached. */
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

  /** What an object has under a key, or undefined; also where this is no object. */
  at(key: string): Place | undefined {
    const value = isRecord(this.value) && Object.hasOwn(this.value, key) ? this.value[key] : undefined;
    return value === undefined ? undefined : this.#below(key, value);
  }

  /** What an object has under a key. */
  need(key: string): Place {
    this.record();
    return this.at(key) ?? this.refuse(`an object with "${key}"`, "one without");
  }

  record(): Readonly<Record<string, unknown>> {
    return isRecord(this.value) ? this.value : this.refuse("an object");
  }

  entries(): [string, Place][] {
    return Object.entries(this.record()).map(([key, value]) => [key, this.#below(key, value)]);
  }

  items(): Place[] {
    if (!Array.isArray(this.value)) this.refuse("a list");
    return (this.value as unknown[]).map((value, index) => this.#below(String(index), value));
  }

  text(): string {
    return typeof this.value === "string" ? this.value : this.refuse("a text");
  }

  isTrue(key: string): boolean {
    return this.at(key)?.value === true;
  }

  /** The text under a key, or "". */
  textAt(key: string): string {
    return this.at(key)?.text() ?? "";
  }

  /** The end of a chain of `$ref`s; this place itself when it has none. */
  followed(): Place {
    const seen = new Set<string>();
    let place: Place = this;
    for (let next = place.referred(); next; next = place.referred()) {
      if (seen.has(place.identity)) place.refuse("a $ref that leads somewhere", "one that leads back to itself");
      seen.add(place.identity);
      place = next;
    }
    return place;
  }

  /** Where this place's `$ref` leads, or undefined when it has none. */
  referred(): Place | undefined {
    const reference = this.at("$ref")?.value;
    if (typeof reference !== "string") return undefined;
    return this.find(reference) ?? this.refuse("a $ref to something that is there", JSON.stringify(reference));
  }

  /** Where a reference that is written here leads, or undefined when nothing is there. */
  find(reference: string): Place | undefined {
    const target = this.#files.find(reference, this.#url);
    return target && new Place(this.#files, target.url, target.path, target.value);
  }

  #below(key: string, value: unknown): Place {
    return new Place(this.#files, this.#url, [...this.#path, key], value);
  }

  /** @throws CheckError always */
  refuse(expected: string, came: string = kindOf(this.value)): never {
    throw new CheckError(`${this.where}: expected ${expected}, got ${came}.`);
  }
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const pointerOf = (path: readonly string[]): string =>
  path.map((key) => `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (isRecord(value)) return "an object";
  return value === undefined ? "nothing" : JSON.stringify(value);
}
