import type { DocumentLocation } from "../document/location.ts";
import type { Operation } from "../document/operations.ts";
import { type Parameter, undescribed } from "../document/parameters.ts";
import { namesIn } from "../document/path-template.ts";
import { valueCode } from "../schema/code-text.ts";
import { UniqueNames } from "../schema/identifiers.ts";
import { admitsNull, typesOf } from "../schema/keywords.ts";

/** A parameter in the argument of a reader. */
export interface Argument {
  readonly parameter: Parameter;
  /** Its property name: the name of the parameter, unless another parameter has it. */
  readonly member: string;
  /** Its TypeScript type. */
  readonly type: string;
  /** Its encoding in the query. */
  readonly encoding: "plain" | "reserved" | "json" | { readonly separator: "," | " " | "|" };
}

/** The parameters that a reader can send. */
export interface Arguments {
  readonly path: readonly Argument[];
  readonly query: readonly Argument[];
  /** Why a reader cannot send this operation. */
  readonly refusal: string | undefined;
  /** Notes for users of the reader, such as parameters that it cannot send. */
  readonly notes: readonly string[];
}

export function argumentsOf({ template, parameters }: Operation, without: ReadonlySet<string>): Arguments {
  const members = new UniqueNames(["__proto__"]);
  const inPath = [...new Set([template.path, ...template.query.map(({ value }) => value)].flatMap(namesIn))];
  const pathArguments = inPath.map((name) => pathArgument(name, parameters, members));
  const fixed = new Set(template.query.map(({ name }) => name));
  const wanted = parameters.filter(
    (parameter) => parameter.in === "query" && !without.has(parameter.name) && !fixed.has(parameter.name),
  );
  const query = wanted.flatMap((parameter) => queryArgument(parameter, members) ?? []);
  const sent = new Set(query.map(({ parameter }) => parameter));
  const unsent = wanted.filter((parameter) => !sent.has(parameter));
  const required = unsent.find(({ isRequired }) => isRequired);
  const cookie = parameters.find((parameter) => parameter.in === "cookie" && parameter.isRequired);
  const headers = parameters.filter((parameter) => parameter.in === "header" && parameter.isRequired);
  return {
    path: pathArguments.filter((argument) => typeof argument === "object"),
    query,
    refusal:
      pathFault(template.path) ??
      pathArguments.find((argument) => typeof argument === "string") ??
      (required
        ? `its parameter ${required.name} ${whyUnsent(required)}`
        : cookie && `it needs the cookie ${cookie.name}`),
    notes: [
      ...inPath
        .filter((name) => !parameters.some((one) => one.in === "path" && one.name === name))
        .map((name) => `the document does not describe {${name}} of its path: it is a string`),
      ...headers.map(({ name }) => `it needs the header ${name}: set it with "headers" or "forwardHeaders"`),
      ...unsent.map((parameter) => `its parameter ${parameter.name} ${whyUnsent(parameter)} and cannot be sent`),
    ],
  };
}

const whyUnsent = ({ name }: Parameter): string => (name === "__proto__" ? "has a reserved name" : "is an object");

/** Why a reader would refuse a path. */
function pathFault(template: string): string | undefined {
  // Names in braces are not sent.
  const path = template.replaceAll(/\{[^}]*\}/g, "{}");
  if (/[\\\p{C}]/u.test(path)) return "its path has invalid characters";
  const isDots = path.split("/").some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment));
  return isDots ? 'its path has the segment "." or "..", which URLs resolve' : undefined;
}

/** The argument of a placeholder of the path, or why it cannot be sent. */
function pathArgument(name: string, parameters: readonly Parameter[], members: UniqueNames): Argument | string {
  if (/^[+#./;?&]|[*+]$/.test(name)) return `its path has {${name}}, a kind of placeholder that is not supported`;
  const parameter = parameters.find((one) => one.in === "path" && one.name === name) ?? undescribed(name);
  const { schema, style, hasContent } = parameter;
  if (hasContent) return `its parameter ${name} is an object`;
  const type = schema ? (listType(schema) ?? plainType(schema)) : "string";
  if (style !== "simple") return `its parameter ${name} has the style ${style}, which is not supported`;
  if (type === undefined) return `its parameter ${name} is an object`;
  // The path function takes strings and numbers only.
  const sent = type.replaceAll(/\bboolean\b|(?<!")\b(true|false)\b(?!")/g, (word, value?: string) =>
    value === undefined ? '"true" | "false"' : valueCode(word),
  );
  return { parameter, member: members.take(name), type: sent, encoding: "plain" };
}

const separators: Readonly<Record<string, "," | " " | "|" | undefined>> = {
  form: ",",
  spaceDelimited: " ",
  pipeDelimited: "|",
};

function queryArgument(parameter: Parameter, members: UniqueNames): Argument | undefined {
  const { schema, style, isExploded, name, allowsReserved, hasContent } = parameter;
  if (name === "__proto__") return undefined;
  const argument = (type: string, encoding: Argument["encoding"]): Argument => ({
    parameter,
    member: members.take(members.has(name) ? `${name}InQuery` : name),
    type,
    encoding,
  });
  if (hasContent) return argument("unknown", "json");
  if (schema === undefined) return argument("string", allowsReserved ? "reserved" : "plain");
  const list = listType(schema);
  if (list !== undefined) {
    const separator = isExploded ? undefined : separators[style];
    return argument(list, separator === undefined ? "plain" : { separator });
  }
  const type = plainType(schema);
  return type === undefined ? undefined : argument(type, allowsReserved ? "reserved" : "plain");
}

/** The type of a parameter that is an array of primitive values. */
function listType(schema: DocumentLocation): string | undefined {
  if (typesOf(schema)?.[0] !== "array") return undefined;
  const items = schema.at("items")?.followed();
  const type = items ? plainType(items) : "string";
  return type && `readonly ${type.includes("|") ? `(${type})` : type}[]`;
}

/** The type of a parameter that is, or can be, a primitive value. Undefined for an object or an array. */
export function plainType(schema: DocumentLocation, depth = 0): string | undefined {
  const values =
    schema
      .at("enum")
      ?.items()
      .map(({ value }) => value)
      .filter((value) => value !== null) ?? [];
  if (values.length > 0 && values.every(isPlain)) return [...new Set(values.map(valueCode))].join(" | ");
  const options = (schema.at("oneOf") ?? schema.at("anyOf") ?? schema.at("allOf"))?.items() ?? [];
  if (options.length > 0 && depth < 5) {
    const types = options.flatMap((option) => plainType(option.followed(), depth + 1) ?? []);
    return types.length === 0 ? undefined : [...new Set(types)].join(" | ");
  }
  const types = (typesOf(schema) ?? ["string"]).map((type) => plainTypes.get(type));
  if (types.length === 0) return admitsNull(schema) ? "string" : undefined;
  return types.includes(undefined) ? undefined : [...new Set(types)].join(" | ");
}

const isPlain = (value: unknown): boolean =>
  typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);

const plainTypes: ReadonlyMap<string, string> = new Map([
  ["string", "string"],
  ["integer", "number"],
  ["number", "number"],
  ["boolean", "boolean"],
]);
