import type { Operation, Parameter } from "../document/operations.ts";
import type { Place } from "../document/place.ts";
import { commentText, keyOf, memberOf } from "../schema/identifiers.ts";
import { admitsNull, typesOf } from "../schema/keywords.ts";

/** A parameter that a reader's argument has. */
export interface Argument {
  readonly parameter: Parameter;
  /** Its TypeScript type. */
  readonly type: string;
  /** What is put between the values of a list; undefined where the parameter is repeated, or no list. */
  readonly separator: string | undefined;
}

/** The parameters that a reader can send, and why it cannot send the others. */
export interface Arguments {
  readonly path: readonly Argument[];
  readonly query: readonly Argument[];
  /** Why the operation cannot be read at all. */
  readonly refusal: string | undefined;
  /** What whoever uses the reader has to know. */
  readonly notes: readonly string[];
}

export function argumentsOf({ path, parameters }: Operation, without: ReadonlySet<string>): Arguments {
  const inPath = [...path.matchAll(/\{([^}]*)\}/g)].map(([, name = ""]) => name);
  const pathArguments = inPath.map((name) => pathArgument(name, parameters));
  const asked = parameters.filter((parameter) => parameter.in === "query" && !without.has(parameter.name));
  const query = asked.flatMap((parameter) => argumentOf(parameter) ?? []);
  const sent = new Set(query.map(({ parameter }) => parameter));
  const unsent = asked.filter((parameter) => !sent.has(parameter));
  const needed = unsent.find(({ isRequired }) => isRequired);
  const cookie = parameters.find((parameter) => parameter.in === "cookie" && parameter.isRequired);
  const headers = parameters.filter((parameter) => parameter.in === "header" && parameter.isRequired);
  return {
    path: pathArguments.flatMap((argument) => argument ?? []),
    query,
    refusal: /[?#\\`$]/.test(path)
      ? "its path has characters that a path cannot have"
      : pathArguments.includes(undefined)
        ? "its path has a value that no parameter describes, or one that is a list or an object"
        : needed
          ? `its parameter ${needed.name} is an object`
          : cookie && `it needs the cookie ${cookie.name}`,
    notes: [
      ...headers.map(
        ({ name }) => `it needs the header ${name}: give it to the service by "headers" or "forwardHeaders"`,
      ),
      ...unsent.map(({ name }) => `its parameter ${name} is an object and cannot be sent`),
    ],
  };
}

function pathArgument(name: string, parameters: readonly Parameter[]): Argument | undefined {
  const parameter = parameters.find((one) => one.in === "path" && one.name === name);
  if (parameter === undefined) return undefined;
  const type = parameter.schema ? plainType(parameter.schema) : "string";
  if (type === undefined) return undefined;
  return { parameter, type: type.replace("boolean", '"true" | "false"'), separator: undefined };
}

function argumentOf(parameter: Parameter): Argument | undefined {
  const { schema, style, isExploded } = parameter;
  if (schema === undefined) {
    return parameter.place.at("content") ? undefined : { parameter, type: "string", separator: undefined };
  }
  if (typesOf(schema)?.[0] !== "array") {
    const type = plainType(schema);
    return type === undefined ? undefined : { parameter, type, separator: undefined };
  }
  const items = schema.at("items")?.followed();
  const type = items ? plainType(items) : "string";
  if (type === undefined) return undefined;
  const separators: Record<string, string> = { form: ",", spaceDelimited: " ", pipeDelimited: "|" };
  const separator = isExploded ? undefined : separators[style];
  return { parameter, type: `readonly ${type.includes("|") ? `(${type})` : type}[]`, separator };
}

/** The type of a parameter that is one value, or may be; undefined for an object or a list. */
export function plainType(schema: Place, depth = 0): string | undefined {
  const values =
    schema
      .at("enum")
      ?.items()
      .map(({ value }) => value) ?? [];
  if (values.length > 0 && values.every(isPlain)) return values.map((value) => JSON.stringify(value)).join(" | ");
  const options = (schema.at("oneOf") ?? schema.at("anyOf") ?? schema.at("allOf"))?.items() ?? [];
  if (options.length > 0 && depth < 5) {
    const types = options.flatMap((option) => plainType(option.followed(), depth + 1) ?? []);
    return types.length === 0 ? undefined : [...new Set(types)].join(" | ");
  }
  const types = (typesOf(schema) ?? ["string"]).map((type) => plainTypes.get(type));
  if (types.length === 0) return admitsNull(schema) ? "string" : undefined;
  return types.includes(undefined) ? undefined : [...new Set(types)].join(" | ");
}

const isPlain = (value: unknown): boolean => ["string", "number", "boolean"].includes(typeof value);

const plainTypes: ReadonlyMap<string, string> = new Map([
  ["string", "string"],
  ["integer", "number"],
  ["number", "number"],
  ["boolean", "boolean"],
]);

/** The properties of an interface, each with what the document says of it. */
export const writeProperties = (list: readonly Argument[]): string =>
  list
    .map(({ parameter, type }) => {
      const comment = commentText(parameter.description);
      const optional = parameter.isRequired ? "" : "?";
      return `${comment ? `/** ${comment} */\n` : ""}readonly ${keyOf(parameter.name)}${optional}: ${type};`;
    })
    .join("\n");

/** `` path`/pets/${q.petId}` ``, or the path alone when it has no values. */
export function writePath(path: string, textOf: (name: string) => string): string {
  if (!path.includes("{")) return JSON.stringify(path);
  return `path\`${path.replaceAll(/\{([^}]*)\}/g, (_, name: string) => `\${${textOf(name)}}`)}\``;
}

/** `queryOf({ limit: q.limit, tags: q.tags?.join(",") })`. */
export function writeQuery(list: readonly Argument[], owner: string): string {
  const parts = list.map(({ parameter, separator }) => {
    const value = memberOf(owner, parameter.name);
    if (separator === undefined) return `${keyOf(parameter.name)}: ${value}`;
    return `${keyOf(parameter.name)}: ${value}${parameter.isRequired ? "" : "?"}.join(${JSON.stringify(separator)})`;
  });
  return `queryOf({ ${parts.join(", ")} })`;
}
