import type { DocumentLocation } from "../document/location.ts";
import type { Operation } from "../document/operations.ts";
import { type Parameter, undescribed } from "../document/parameters.ts";
import { namesIn } from "../document/path-template.ts";
import { valueCode } from "../schema/code-text.ts";
import { UniqueNames } from "../schema/identifiers.ts";
import { admitsNull, typesOf } from "../schema/keywords.ts";

/** A parameter that a reader's argument has. */
export interface Argument {
  readonly parameter: Parameter;
  /** The name that it has in the argument: the parameter's own, unless another has it. */
  readonly member: string;
  /** Its TypeScript type. */
  readonly type: string;
  /** How it is put into the query. */
  readonly encoding: "plain" | "reserved" | "json" | { readonly separator: "," | " " | "|" };
}

/** The parameters that a reader can send, and why it cannot send the others. */
export interface Arguments {
  readonly path: readonly Argument[];
  readonly query: readonly Argument[];
  /** Why the operation cannot be read at all. */
  readonly refusal: string | undefined;
  /** Notes for the users of the reader. */
  readonly notes: readonly string[];
}

export function argumentsOf({ template, parameters }: Operation, without: ReadonlySet<string>): Arguments {
  const members = new UniqueNames(["__proto__"]);
  const inPath = [...new Set([template.path, ...template.query.map(({ value }) => value)].flatMap(namesIn))];
  const pathArguments = inPath.map((name) => pathArgument(name, parameters, members));
  const fixed = new Set(template.query.map(({ name }) => name));
  const asked = parameters.filter(
    (parameter) => parameter.in === "query" && !without.has(parameter.name) && !fixed.has(parameter.name),
  );
  const query = asked.flatMap((parameter) => queryArgument(parameter, members) ?? []);
  const sent = new Set(query.map(({ parameter }) => parameter));
  const unsent = asked.filter((parameter) => !sent.has(parameter));
  const needed = unsent.find(({ isRequired }) => isRequired);
  const cookie = parameters.find((parameter) => parameter.in === "cookie" && parameter.isRequired);
  const headers = parameters.filter((parameter) => parameter.in === "header" && parameter.isRequired);
  return {
    path: pathArguments.filter((argument) => typeof argument === "object"),
    query,
    refusal:
      pathFault(template.path) ??
      pathArguments.find((argument) => typeof argument === "string") ??
      (needed ? `its parameter ${needed.name} ${whyUnsent(needed)}` : cookie && `it needs the cookie ${cookie.name}`),
    notes: [
      ...inPath
        .filter((name) => !parameters.some((one) => one.in === "path" && one.name === name))
        .map((name) => `its path has {${name}}, which no parameter describes: it is taken for a text`),
      ...headers.map(
        ({ name }) => `it needs the header ${name}: give it to the service by "headers" or "forwardHeaders"`,
      ),
      ...unsent.map((parameter) => `its parameter ${parameter.name} ${whyUnsent(parameter)} and cannot be sent`),
    ],
  };
}

const whyUnsent = ({ name }: Parameter): string =>
  name === "__proto__" ? "has the name of a prototype" : "is an object";

/** Declarations that a reader would refuse. */
function pathFault(template: string): string | undefined {
  // The names in braces are not sent.
  const path = template.replaceAll(/\{[^}]*\}/g, "{}");
  if (/[\\\p{C}]/u.test(path)) return "its path has characters that a path cannot have";
  const isDots = path.split("/").some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment));
  return isDots ? 'its path has the segment "." or "..", which leads elsewhere' : undefined;
}

/** In words, why a value of the path cannot be sent, where it cannot. */
function pathArgument(name: string, parameters: readonly Parameter[], members: UniqueNames): Argument | string {
  if (/^[+#./;?&]|[*+]$/.test(name)) return `its path has {${name}}, which is more than one value in one segment`;
  const parameter = parameters.find((one) => one.in === "path" && one.name === name) ?? undescribed(name);
  const { schema, style, hasContent } = parameter;
  if (hasContent) return `its parameter ${name} is an object`;
  const type = schema ? (listType(schema) ?? plainType(schema)) : "string";
  if (style !== "simple") return `its parameter ${name} is written in the style ${style}`;
  if (type === undefined) return `its parameter ${name} is an object`;
  // Only texts and numbers are put into a path.
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

/** The type of a parameter that is a list of plain values. */
function listType(schema: DocumentLocation): string | undefined {
  if (typesOf(schema)?.[0] !== "array") return undefined;
  const items = schema.at("items")?.followed();
  const type = items ? plainType(items) : "string";
  return type && `readonly ${type.includes("|") ? `(${type})` : type}[]`;
}

/** The type of a parameter that is one value, or may be; undefined for an object or a list. */
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
