import type { DocumentLocation } from "../document/location.ts";
import type { Operation } from "../document/operations.ts";
import type { Parameter } from "../document/parameters.ts";
import { keyCode, textCode } from "../schema/code-text.ts";
import { typesOf } from "../schema/keywords.ts";
import { plainType } from "./arguments.ts";

/** A parameter that seems to take several keys, and its encoding. */
export interface KeyParameter {
  readonly name: string;
  /** The code of the key encoding. */
  readonly keys: string;
  /** The reason in the document, for people. */
  readonly why: string;
  /** The maximum number of keys in the document, and its source. */
  readonly maximum: { readonly count: number; readonly where: string } | undefined;
  /** Whether no other parameter is required. */
  readonly isEnough: boolean;
}

/** The parameters of a GET that take an array, and the body of a POST that is an array of keys. */
export function keyParametersOf(operation: Operation): KeyParameter[] {
  // A path with a query is one of several operations of the same path.
  if (operation.template.query.length > 0) return [];
  if (operation.method === "post") return postedKeys(operation);
  return operation.parameters
    .filter((parameter) => parameter.in === "query")
    .flatMap((parameter) => queryKeys(operation, parameter) ?? []);
}

const commaWords =
  /comma[- ]?(separated|delimited)|(separated|delimited) (by|with|using) (a )?commas?|(separated|delimited) (by|with) [`'"(]*,/i;

function queryKeys(operation: Operation, parameter: Parameter): KeyParameter | undefined {
  const { name, schema, style, isExploded, description } = parameter;
  const isList = schema !== undefined && typesOf(schema)?.[0] === "array";
  const isText = schema !== undefined && typesOf(schema)?.[0] === "string";
  const isCommaText = isText && commaWords.test(description);
  const item = schema?.at("items")?.followed();
  if (!isCommaText && !(isList && style === "form" && item && plainType(item))) return undefined;
  const encoding = isCommaText || !isExploded ? "commaList" : "repeated";
  return {
    name,
    keys: `${encoding}(${textCode(name)})`,
    why: isCommaText ? `the parameter ${name} is described as comma-separated` : `the parameter ${name} is an array`,
    maximum: maximumOf(schema, description),
    isEnough: operation.parameters.every((other) => other === parameter || other.in === "header" || !other.isRequired),
  };
}

/** A POST counts as a read only if its id and path have words for reading and none for writing. */
const reading = /get|fetch|find|list|look|search|query|retrieve|batch|bulk|read|resolve|by[-_]?ids?/i;
const writing =
  /delet|remov|creat|updat|insert|upsert|add|set|cancel|archiv|send|assign|clos|renam|mov|copy|import|merg|revok|enabl|disabl|replac|mark|publish|start|stop|run/i;

function postedKeys(operation: Operation): KeyParameter[] {
  const { input, path, id, parameters } = operation;
  const words = `${id || "post"} ${path}`;
  if (input === undefined || !reading.test(words) || writing.test(words)) return [];
  const body = input.followed();
  const isEnough = parameters.every((parameter) => parameter.in === "header" || !parameter.isRequired);
  const list = (name: string, schema: DocumentLocation, json: string): KeyParameter[] =>
    isKeyList(schema)
      ? [
          {
            name,
            keys: `postBody((keys) => ${json})`,
            why: name === "" ? "its request body is an array of keys" : `its request body has the array ${name}`,
            maximum: maximumOf(schema, schema.proseAt("description")),
            isEnough,
          },
        ]
      : [];
  if (typesOf(body)?.[0] === "array") return list("", body, "keys");
  const properties = body.at("properties")?.entries() ?? [];
  const required =
    body
      .at("required")
      ?.items()
      .map(({ value }) => value) ?? [];
  return properties
    .filter(([name]) => required.every((other) => other === name))
    .flatMap(([name, schema]) => list(name, schema.followed(), `({ ${keyCode(name)}: keys })`));
}

function isKeyList(schema: DocumentLocation): boolean {
  const item = typesOf(schema)?.[0] === "array" ? schema.at("items")?.followed() : undefined;
  return item !== undefined && plainType(item) !== undefined;
}

function maximumOf(schema: DocumentLocation, description: string): KeyParameter["maximum"] {
  const maxItems = schema.at("maxItems")?.value;
  if (typeof maxItems === "number" && maxItems > 0) return { count: maxItems, where: "maxItems" };
  const words =
    /\b(?:max(?:imum)?|up to|at most|limit(?:ed)? (?:to|of))\b\D{0,20}(\d{1,6})\b(?! ?(?:char|byte|digit|letter))/i.exec(
      description,
    );
  const count = Number(words?.[1]);
  return count > 0 ? { count, where: "its description" } : undefined;
}
