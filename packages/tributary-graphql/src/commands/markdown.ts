/** A list with a title. Empty without items. */
export const section = (title: string, items: readonly string[]): string[] =>
  items.length === 0 ? [] : [`#### ${title}`, items.map((item) => `- ${item}`).join("\n")];

/** A collapsed list with a title. Empty without items. */
export const collapsed = (title: string, items: readonly string[]): string[] =>
  items.length === 0
    ? []
    : [`<details><summary>${title}</summary>`, items.map((item) => `- ${item}`).join("\n"), "</details>"];

/** `1 call`, `4 calls` */
export const pluralize = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** Escapes text for Markdown: without line breaks and markup, and without a notification for an `@name`. */
export const escapeMarkdown = (text: string): string =>
  text
    .replace(/\s+/g, " ")
    .replace(/[\\`*_[\]<>|#]/g, "\\$&")
    .replaceAll("@", "@\u200b");
