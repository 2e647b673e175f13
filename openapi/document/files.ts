import { posix } from "node:path";

/** Where a reference leads. */
export interface Target {
  readonly url: string;
  readonly path: readonly string[];
  readonly value: unknown;
}

/** The files of one document, by URL, all of them read. */
export class Files {
  readonly #values: ReadonlyMap<string, unknown>;

  constructor(values: ReadonlyMap<string, unknown>) {
    this.#values = values;
  }

  /** The last part of a file's URL, which is how messages name it. */
  nameOf(url: string): string {
    const { pathname, host } = new URL(url);
    return decodeURIComponent(posix.basename(pathname)) || host;
  }

  /** What a `$ref` in the file at `base` leads to, or undefined when nothing is there. */
  find(reference: string, base: string): Target | undefined {
    const url = new URL(reference, base);
    const path = pathOf(url.hash);
    url.hash = "";
    let value = this.#values.get(url.href);
    for (const key of path) {
      if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
      value = (value as Record<string, unknown>)[key];
    }
    return value === undefined ? undefined : { url: url.href, path, value };
  }
}

const pathOf = (hash: string): string[] =>
  decodeURIComponent(hash.slice(1))
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
