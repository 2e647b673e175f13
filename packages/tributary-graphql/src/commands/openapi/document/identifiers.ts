import { isRecord } from "./is-record.ts";
import type { Target } from "./target.ts";

/** Values of these keys are data: they have no references and no identifiers. */
export const dataKeys = /^(examples?|default|const|enum|x-.*)$/;

/** Objects whose keys are names, for instance `example` as the name of a property. */
export const nameKeys = /^(properties|patternProperties|schemas|parameters|responses|headers|\$defs|definitions)$/;

/** The schemas with an `$id`, `$anchor` or `$dynamicAnchor`. */
export class Identifiers {
  readonly #named = new Map<string, Target>();
  readonly #anchored = new Map<string, Target>();
  /** The base URL of references in an object, if it is not the URL of the file. */
  readonly #bases = new WeakMap<object, string>();

  add(url: string, file: unknown): void {
    this.#walk(file, { url, path: [], value: file }, url, false);
  }

  /** The schema with this `$id`. */
  named(url: string): Target | undefined {
    return this.#named.get(url);
  }

  /** The schema with this `$anchor`, in the file or in the schema with this `$id`. */
  anchored(base: string, anchor: string): Target | undefined {
    return this.#anchored.get(`${base}#${anchor}`);
  }

  baseOf(owner: unknown): string | undefined {
    return typeof owner === "object" && owner !== null ? this.#bases.get(owner) : undefined;
  }

  #walk(value: unknown, target: Target, base: string, areNames: boolean): void {
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) this.#walk(item, below(target, String(index), item), base, false);
      return;
    }
    if (!isRecord(value)) return;
    const own = areNames ? base : this.#register(value, target, base);
    if (own !== target.url) this.#bases.set(value, own);
    for (const [key, item] of Object.entries(value)) {
      if (areNames || !dataKeys.test(key))
        this.#walk(item, below(target, key, item), own, !areNames && nameKeys.test(key));
    }
  }

  /** @returns the base URL of references in the object */
  #register(value: Record<string, unknown>, target: Target, base: string): string {
    const id = typeof value.$id === "string" ? URL.parse(value.$id, base) : null;
    if (id !== null) id.hash = "";
    const own = id?.href ?? base;
    if (id !== null && !this.#named.has(own)) this.#named.set(own, target);
    for (const anchor of [value.$anchor, value.$dynamicAnchor]) {
      if (typeof anchor === "string") this.#anchored.set(`${own}#${anchor}`, target);
    }
    return own;
  }
}

const below = ({ url, path }: Target, key: string, value: unknown): Target => ({ url, path: [...path, key], value });
