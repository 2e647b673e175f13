/** A fenced block of code in a Markdown text. */
export interface CodeBlock {
  /** `ts`, `diff`, `json`, … */
  readonly language: string;
  /** The text after the language: the file of the block, or a request that it answers. */
  readonly title: string;
  readonly text: string;
  /** The last `##` heading above it. */
  readonly section: string;
}

/** The fenced blocks of a Markdown text, in order. */
export function codeBlocks(markdown: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let section = "";
  for (const [, heading, info = "", text = ""] of markdown.matchAll(/^## (.+)$|^```(.*)\n([\s\S]*?)^```$/gm)) {
    if (heading !== undefined) section = heading;
    else blocks.push({ ...splitInfo(info), text, section });
  }
  return blocks;
}

function splitInfo(info: string): Pick<CodeBlock, "language" | "title"> {
  const [language = "", ...title] = info.split(" ");
  return { language, title: title.join(" ") };
}

/**
 * Applies a diff without line numbers to a text: lines begin with a blank, `+` or `-`, and `@@` separates two hunks.
 * @throws Error with the lines of a hunk that the text lacks, or has more than once
 */
export function applyDiff(text: string, diff: string): string {
  return diff
    .trimEnd()
    .split(/^@@.*\n/m)
    .reduce(applyHunk, text);
}

function applyHunk(text: string, hunk: string): string {
  const lines = hunk.replace(/\n$/, "").split("\n");
  const before = side(lines, "-");
  const [first, ...more] = text.split(before);
  if (first === text) throw new Error(`The file has no such lines:\n${before}`);
  if (first === undefined || more.length > 1) throw new Error(`The file has these lines more than once:\n${before}`);
  return `${first}${side(lines, "+")}${more.join("")}`;
}

/** The lines of a hunk before (`-`) or after (`+`) the change, each with its line feed. */
const side = (lines: readonly string[], sign: "-" | "+"): string =>
  lines
    .filter((line) => line === "" || line.startsWith(" ") || line.startsWith(sign))
    .map((line) => `${line.slice(1)}\n`)
    .join("");
