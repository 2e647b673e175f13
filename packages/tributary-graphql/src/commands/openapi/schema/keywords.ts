import { isRecord } from "../document/is-record.ts";
import type { DocumentLocation } from "../document/location.ts";

/** Keywords that constrain a value, and do not only describe it. */
const structural = ["type", "properties", "items", "prefixItems", "allOf", "oneOf", "anyOf", "enum", "const"];

/** Whether a schema says how a value looks. */
export const isTelling = (schema: DocumentLocation): boolean =>
  isRecord(schema.value) ? schema.referred() !== undefined || saysMore(schema) : schema.value === false;

/** Whether a schema says how a value looks, apart from its `$ref`. */
export const saysMore = (schema: DocumentLocation): boolean =>
  structural.some((key) => schema.valueAt(key) !== undefined) || isRecord(schema.at("additionalProperties")?.value);

/**
 * The options of `oneOf` or `anyOf`. None where they only demand properties that are described beside them, and say
 * nothing of what these are.
 */
export function optionsOf(schema: DocumentLocation, key: "oneOf" | "anyOf"): readonly DocumentLocation[] {
  const options = schema.at(key)?.items() ?? [];
  return options.every(isTelling) ? options : [];
}

/** The types that a schema names, `null` left out; undefined where it names none. */
export function typesOf(schema: DocumentLocation): readonly string[] | undefined {
  const types = namedTypes(schema);
  return types?.filter((name) => name !== "null");
}

/** In YAML, `null` without quotes is no text, and means the type all the same. */
function namedTypes(schema: DocumentLocation): readonly string[] | undefined {
  const type = schema.valueAt("type");
  if (type === undefined) return undefined;
  if (type === null) return ["null"];
  if (!Array.isArray(type)) return [schema.need("type").text()];
  return schema
    .need("type")
    .items()
    .map((item) => (item.value === null ? "null" : item.text()));
}

/** Whether null is a value, in the words of 3.0 or of 3.1. */
export const admitsNull = (schema: DocumentLocation): boolean =>
  schema.isTrue("nullable") || (Array.isArray(schema.valueAt("type")) && namedTypes(schema)?.includes("null") === true);

/** Whether a schema is null and nothing else. */
export const isNullType = (schema: DocumentLocation): boolean => {
  const types = isRecord(schema.value) ? namedTypes(schema) : undefined;
  return types?.every((type) => type === "null") === true;
};
