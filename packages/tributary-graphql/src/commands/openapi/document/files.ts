import { posix } from "node:path";
import { Identifiers } from "./identifiers.ts";
import type { LineFinder } from "./line-finder.ts";
import type { Target } from "./target.ts";

/** The files of one document, by URL, all of them read. */
export class Files {
  readonly #values: ReadonlyMap<string, unknown>;
  readonly #lines: ReadonlyMap<string, LineFinder>;
  readonly #identifiers = new Identifiers();

  /** @param lines what finds lines in their texts, of the files that have one */
  constructor(values: ReadonlyMap<string, unknown>, lines: ReadonlyMap<string, LineFinder> = new Map()) {
    this.#values = values;
    this.#lines = lines;
    for (const [url, value] of values) this.#identifiers.add(url, value);
  }

  /** The last part of a file's URL, which is how messages name it. */
  nameOf(url: string): string {
    const { pathname, host } = new URL(url);
    return decoded(posix.basename(pathname)) || host;
  }

  /** The line of a file on which a value stands, from 1 on; undefined where that is not known. */
  lineOf(url: string, path: readonly string[]): number | undefined {
    return this.#lines.get(url)?.lineOf(path);
  }

  /**
   * The target of a `$ref`; undefined when there is none.
   * @param base the file that it is written in
   * @param owner the object that it is written in, which may be below an `$id`
   */
  find(reference: string, base: string, owner?: unknown): Target | undefined {
    return (
      this.#resolve(reference, this.#identifiers.baseOf(owner) ?? base) ??
      // Documents that name their schemas by `$id` often go on to refer to each other from the top of the file.
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

/** Percent encodings decoded; a text with broken ones is taken as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
