import type { PathTemplate } from "../document/path-template.ts";
import { commentText, keyCode, memberOf, templateText, textCode } from "../schema/code-text.ts";
import type { Argument } from "./arguments.ts";

/** The properties of an interface, with their descriptions in the document. */
export const writeProperties = (list: readonly Argument[]): string =>
  list
    .map(({ parameter, member, type }) => {
      const comment = commentText(parameter.description);
      const optional = parameter.isRequired ? "" : "?";
      return `${comment ? `/** ${comment} */\n` : ""}readonly ${keyCode(member)}${optional}: ${type};`;
    })
    .join("\n");

/** `` path`/pets/${q.petId}` ``, or a string if the path has no placeholders. */
export function writePath(path: string, textOf: (name: string) => string): string {
  const [first = "", ...rest] = path.split(/\{([^}]*)\}/);
  if (rest.length === 0) return textCode(path);
  const parts = rest.map((part, index) => (index % 2 === 0 ? `\${${textOf(part)}}` : templateText(part)));
  return `path\`${templateText(first)}${parts.join("")}\``;
}

/** `queryOf({ limit: query.limit, tags: joined(query.tags, ",") })`. */
export function writeQuery(
  list: readonly Argument[],
  owner: string,
  fixed: PathTemplate["query"],
  textOf: (name: string) => string,
): string {
  const fixedParts = fixed.map(({ name, value }) => `${keyCode(name)}: ${writeValue(value, textOf)}`);
  const parts = list.map((argument) => `${keyCode(argument.parameter.name)}: ${writeArgument(argument, owner)}`);
  return `queryOf({ ${[...fixedParts, ...parts].join(", ")} })`;
}

/** The functions that the code of the query calls. */
export const usesOfArguments = (list: readonly Argument[], fixed: PathTemplate["query"]): string[] => [
  ...(list.length + fixed.length > 0 ? ["queryOf"] : []),
  ...list.flatMap(({ encoding }) =>
    typeof encoding === "object" ? ["joined"] : encoding === "reserved" ? [encoding] : [],
  ),
];

/** A value in the query of a path: a text, `{name}`, or both. */
function writeValue(value: string, textOf: (name: string) => string): string {
  const [first = "", ...rest] = value.split(/\{([^}]*)\}/);
  const [name, end, ...more] = rest;
  if (name === undefined) return textCode(value);
  if (first === "" && end === "" && more.length === 0) return textOf(name);
  const parts = rest.map((part, index) => (index % 2 === 0 ? `\${${textOf(part)}}` : templateText(part)));
  return `\`${templateText(first)}${parts.join("")}\``;
}

function writeArgument({ parameter, member, encoding }: Argument, owner: string): string {
  const value = memberOf(owner, member);
  if (typeof encoding === "object") return `joined(${value}, ${textCode(encoding.separator)})`;
  if (encoding === "reserved") return `reserved(${value})`;
  if (encoding === "plain") return value;
  return parameter.isRequired
    ? `JSON.stringify(${value})`
    : `${value} === undefined ? undefined : JSON.stringify(${value})`;
}
