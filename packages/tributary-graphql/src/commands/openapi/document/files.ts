import { posix } from "node:path";
import { Identifiers } from "./identifiers.ts";
import type { LineFinder } from "./line-finder.ts";
import type { Target } from "./target.ts";

/** All files of a document, by URL. */
export class Files {
  readonly #values: ReadonlyMap<string, unknown>;
  readonly #lines: ReadonlyMap<string, LineFinder>;
  readonly #identifiers = new Identifiers();

  /** @param lines the line finders of files, by URL */
  constructor(values: ReadonlyMap<string, unknown>, lines: ReadonlyMap<string, LineFinder> = new Map()) {
    this.#values = values;
    this.#lines = lines;
    for (const [url, value] of values) this.#identifiers.add(url, value);
  }

  /** The name of a file in messages: the last segment of its URL. */
  nameOf(url: string): string {
    const { pathname, host } = new URL(url);
    return decoded(posix.basename(pathname)) || host;
  }

  /** The line of a value, counted from 1. Undefined if it is unknown. */
  lineOf(url: string, path: readonly string[]): number | undefined {
    return this.#lines.get(url)?.lineOf(path);
  }

  /**
   * The target of a `$ref`; undefined if it does not exist.
   * @param base the URL of the file with the `$ref`
   * @param owner the object with the `$ref`, which may be below an `$id`
   */
  find(reference: string, base: string, owner?: unknown): Target | undefined {
    return (
      this.#resolve(reference, this.#identifiers.baseOf(owner) ?? base) ??
      // Documents with `$id`s often still have references that are relative to the file.
      this.#resolve(reference, base)
    );
  }

  #resolve(reference: string, base: string): Target | undefined {
    const url = URL.parse(reference, base);
    if (url === null) return undefined;
    const fragment = url.hash.slice(1);
    url.hash = "";
    const start = this.#startOf(url.href);
    if (fragment === "" || start === undefined) return start;
    if (!fragment.startsWith("/")) return this.#identifiers.anchored(url.href, decoded(fragment));
    return below(start, fragment.split("/").slice(1).map(decoded));
  }

  #startOf(url: string): Target | undefined {
    const value = this.#values.get(url);
    return value === undefined ? this.#identifiers.named(url) : { url, path: [], value };
  }
}

function below(start: Target, parts: readonly string[]): Target | undefined {
  const path = [...start.path];
  let { value } = start;
  for (const part of parts) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
    path.push(key);
  }
  return value == null ? undefined : { url: start.url, path, value };
}

/** Decodes percent-encoding. Returns a text with an invalid one unchanged. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
