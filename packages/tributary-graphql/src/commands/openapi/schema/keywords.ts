import { isRecord } from "../document/is-record.ts";
import type { DocumentLocation } from "../document/location.ts";

/** Keywords that constrain a value. */
const structural = ["type", "properties", "items", "prefixItems", "allOf", "oneOf", "anyOf", "enum", "const"];

/** Whether a schema constrains a value. */
export const isConstraining = (schema: DocumentLocation): boolean =>
  isRecord(schema.value) ? schema.referred() !== undefined || hasConstraints(schema) : schema.value === false;

/** Whether a schema constrains a value, apart from its `$ref`. */
export const hasConstraints = (schema: DocumentLocation): boolean =>
  structural.some((key) => schema.valueAt(key) !== undefined) || isRecord(schema.at("additionalProperties")?.value);

/**
 * The options of `oneOf` or `anyOf`. None if one of them has no constraints, for instance only `required` for properties that
 * are described beside it.
 */
export function optionsOf(schema: DocumentLocation, key: "oneOf" | "anyOf"): readonly DocumentLocation[] {
  const options = schema.at(key)?.items() ?? [];
  return options.every(isConstraining) ? options : [];
}

/** The types of a schema, without `null`. Undefined if it has no `type`. */
export function typesOf(schema: DocumentLocation): readonly string[] | undefined {
  const types = namedTypes(schema);
  return types?.filter((name) => name !== "null");
}

/** In YAML, `null` without quotes is not a string, but also means the type. */
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

/** Whether null is valid, by the keywords of 3.0 or of 3.1. */
export const admitsNull = (schema: DocumentLocation): boolean =>
  schema.isTrue("nullable") || (Array.isArray(schema.valueAt("type")) && namedTypes(schema)?.includes("null") === true);

/** Whether a schema allows only null. */
export const isNullType = (schema: DocumentLocation): boolean => {
  const types = isRecord(schema.value) ? namedTypes(schema) : undefined;
  return types?.every((type) => type === "null") === true;
};
