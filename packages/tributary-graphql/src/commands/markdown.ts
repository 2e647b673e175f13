/** A list with a title; nothing without items. */
export const section = (title: string, items: readonly string[]): string[] =>
  items.length === 0 ? [] : [`#### ${title}`, items.map((item) => `- ${item}`).join("\n")];

/** The same, closed until somebody opens it. */
export const folded = (title: string, items: readonly string[]): string[] =>
  items.length === 0
    ? []
    : [`<details><summary>${title}</summary>`, items.map((item) => `- ${item}`).join("\n"), "</details>"];

/** `1 call`, `4 calls` */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** Text of a schema or of a person inside Markdown: no line break, no markup, and nobody is notified by an `@name`. */
export const plain = (text: string): string =>
  text
    .replace(/\s+/g, " ")
    .replace(/[\\`*_[\]<>|#]/g, "\\$&")
    .replaceAll("@", "@\u200b");
