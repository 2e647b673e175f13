/** Texts of a document as code: whatever they hold, they stay texts. */

/** Characters that end a line, cannot be seen, or turn the direction of what follows; the space itself is none. */
const hidden = /(?! )[\p{C}\p{Z}]/gu;

const unicodeEscapes = (text: string): string =>
  text.replaceAll(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** A text as a string literal. `${` is escaped too, or it would read as a template that lost its quotes. */
export const textCode = (text: string): string =>
  JSON.stringify(text).replaceAll(hidden, unicodeEscapes).replaceAll("${", "\\u0024{");

/** A text as a part of a template literal, between its backticks. */
export const templateText = (text: string): string =>
  text.replaceAll(/[\\`]|\$(?=\{)/g, "\\$&").replaceAll(hidden, unicodeEscapes);

/** A JSON value as an expression. */
export function valueCode(value: unknown): string {
  if (typeof value === "string") return textCode(value);
  if (Array.isArray(value)) return `[${value.map(valueCode).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "undefined";
  const members = Object.entries(value).map(([name, one]) => `${keyCode(name)}: ${valueCode(one)}`);
  return `{ ${members.join(", ")} }`;
}

/**
 * A property name as a key of an object literal, quoted where it has to be. In brackets, `__proto__` is a name like any
 * other; without them it is the object's prototype. `then` is spelled so that linters do not take the object for a promise.
 */
export function keyCode(name: string): string {
  if (name === "__proto__") return '["__proto__"]';
  if (name === "then") return '"\\u0074hen"';
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : textCode(name);
}

/** `q.name` or `q["first-name"]`. */
export const memberOf = (owner: string, name: string): string =>
  /^[A-Za-z_$][\w$]*$/.test(name) ? `${owner}.${name}` : `${owner}[${textCode(name)}]`;

/** A line without characters that would do something to a terminal instead of being shown. */
export const visible = (line: string): string => line.replaceAll(/\p{C}/gu, "\uFFFD");

/** A text on one line, without characters that a terminal or an editor would not show. */
export const oneLine = (text: string): string => text.replaceAll(/[\p{C}\p{Z}]+/gu, " ").trim();

const longestComment = 160;

/** A text of the document as the text of a comment: one line, its first sentence, shortened. */
export function commentText(text: string): string {
  const line = oneLine(text);
  const sentence = /^.*?[.!?](?= |$)/.exec(line)?.[0] ?? line;
  return commentLine(
    sentence.length > longestComment
      ? `${sentence
          .slice(0, longestComment - 3)
          .toWellFormed()
          .trimEnd()}…`
      : sentence,
  );
}

/**
 * A line within a comment. It cannot end the comment, and nothing in it is an instruction to a tool: no `@ts-expect-error`, no
 * tag of JSDoc, no `biome-ignore`, no source map.
 */
export const commentLine = (text: string): string =>
  oneLine(text)
    .replaceAll("*/", "* /")
    .replaceAll(/(?<![\w.@\\])@(?=\w)/g, "\\@")
    .replaceAll(/\b(biome|eslint|prettier|v8|c8|istanbul|deno)-(?=\w)/gi, "$1 ")
    .replaceAll(/([/*])(?=#)/g, "$1 ");
