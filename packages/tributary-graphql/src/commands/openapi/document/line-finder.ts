import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from "yaml";

/** Finds lines in the text of a JSON or YAML file. It parses the text again, with locations, at its first use. */
export class LineFinder {
  readonly #text: string;
  #parsed: { readonly document: Document; readonly lines: LineCounter } | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /**
   * The line of a value's key, counted from 1. For a value of a merge key or an alias, the line of the merge key or the
   * alias. Undefined for a text of one line, where it is of no use.
   */
  lineOf(path: readonly string[]): number | undefined {
    if (!this.#text.trim().includes("\n")) return undefined;
    const { document, lines } = this.#parse();
    let node: unknown = document.contents;
    let offset = isNode(node) ? node.range?.[0] : undefined;
    for (const key of path) {
      const child = childOf(node, key);
      if (child === undefined) break;
      offset = child.offset ?? offset;
      node = child.node;
    }
    return offset === undefined ? undefined : lines.linePos(offset).line;
  }

  #parse() {
    if (this.#parsed === undefined) {
      const lines = new LineCounter();
      const options = { lineCounter: lines, merge: true, logLevel: "silent" } as const;
      this.#parsed = { document: parseDocument(this.#text, options), lines };
    }
    return this.#parsed;
  }
}

interface Child {
  readonly node: unknown;
  readonly offset: number | undefined;
}

function childOf(node: unknown, key: string): Child | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(key)];
    return isNode(item) ? { node: item, offset: item.range?.[0] } : undefined;
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find((one) => isScalar(one.key) && String(one.key.value) === key);
  return pair && { node: pair.value, offset: isScalar(pair.key) ? pair.key.range?.[0] : undefined };
}
