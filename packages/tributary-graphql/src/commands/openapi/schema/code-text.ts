/** Escapes texts of a document in generated code, so that they cannot become code. */

/** Line terminators, invisible characters and direction overrides, but not the space. */
const hidden = /(?! )[\p{C}\p{Z}]/gu;

const unicodeEscapes = (text: string): string =>
  text.replaceAll(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** A text as a string literal. `${` is escaped too, because it looks like a template with the wrong quotes. */
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
 * A property name as a key of an object literal, quoted if necessary. `__proto__` is in brackets, without which it would set
 * the prototype. `then` is escaped, so that linters do not report a thenable.
 */
export function keyCode(name: string): string {
  if (name === "__proto__") return '["__proto__"]';
  if (name === "then") return '"\\u0074hen"';
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : textCode(name);
}

/** `q.name` or `q["first-name"]`. */
export const memberOf = (owner: string, name: string): string =>
  /^[A-Za-z_$][\w$]*$/.test(name) ? `${owner}.${name}` : `${owner}[${textCode(name)}]`;

/** A line without control characters, which a terminal would execute. */
export const visible = (line: string): string => line.replaceAll(/\p{C}/gu, "\uFFFD");

/** A text as one line, without invisible characters. */
export const oneLine = (text: string): string => text.replaceAll(/[\p{C}\p{Z}]+/gu, " ").trim();

const maxCommentLength = 160;

/** The first sentence of a text as a comment of one line, shortened if necessary. */
export function commentText(text: string): string {
  const line = oneLine(text);
  const sentence = /^.*?[.!?](?= |$)/.exec(line)?.[0] ?? line;
  return commentLine(
    sentence.length > maxCommentLength
      ? `${sentence
          .slice(0, maxCommentLength - 3)
          .toWellFormed()
          .trimEnd()}…`
      : sentence,
  );
}

/**
 * A line of a comment. It cannot end the comment, and contains no instructions to tools: `@ts-expect-error`, JSDoc tags,
 * `biome-ignore`, source maps.
 */
export const commentLine = (text: string): string =>
  oneLine(text)
    .replaceAll("*/", "* /")
    .replaceAll(/(?<![\w.@\\])@(?=\w)/g, "\\@")
    .replaceAll(/\b(biome|eslint|prettier|v8|c8|istanbul|deno)-(?=\w)/gi, "$1 ")
    .replaceAll(/([/*])(?=#)/g, "$1 ");
