import { isRecord } from "../document/is-record.ts";
import type { DocumentLocation } from "../document/location.ts";
import { hasAmongOptions } from "./bases.ts";
import { optionsOf, typesOf } from "./keywords.ts";
import type { SchemaReader } from "./reader.ts";
import { bothProperties, fits, type ObjectShape, type PropertyShape, type Shape, unionOf } from "./shape.ts";

/**
 * An object with the properties of a schema and its bases, by `$ref` and `allOf`. Undefined if one of them is not only an
 * object with properties. It ignores `oneOf` and `anyOf` of the schema itself.
 */
export function mergedObject(schema: DocumentLocation, reader: SchemaReader): ObjectShape | undefined {
  const parts = partsOf(schema, [], reader);
  if (parts === undefined) return undefined;
  const required = new Set(parts.flatMap((part) => part.at("required")?.items() ?? []).map(({ value }) => value));
  const properties = new Map<string, PropertyShape>();
  for (const [name, location] of parts.flatMap((part) => part.at("properties")?.entries() ?? [])) {
    // Responses have no `writeOnly` properties, and zod objects cannot have a property `__proto__`.
    if (name === "__proto__" || (isRecord(location.value) && location.followed().isTrue("writeOnly"))) continue;
    const property = readProperty(name, location, required.has(name), reader);
    const earlier = properties.get(name);
    properties.set(name, earlier ? bothProperties(earlier, property) : property);
  }
  return { kind: "object", properties: [...properties.values()], rest: restOf(parts, reader) };
}

/**
 * A schema and its bases, bases first. Undefined if one of them is not only an object with properties. A circular base adds
 * nothing, nor do the options of a base that has the schema among them.
 */
function partsOf(
  schema: DocumentLocation,
  trail: readonly string[],
  reader: SchemaReader,
): DocumentLocation[] | undefined {
  if (trail.includes(schema.identity)) return [];
  if (!isObject(schema)) return undefined;
  const hasOptions = optionsOf(schema, "oneOf").length + optionsOf(schema, "anyOf").length > 0;
  if (hasOptions && trail.length > 0 && !hasAmongOptions(schema, trail, reader)) return undefined;
  const target = schema.referred();
  const bases = [...(target ? [target] : []), ...(schema.at("allOf")?.items() ?? [])];
  const parts = bases.map((base) => partsOf(base, [...trail, schema.identity], reader));
  return parts.every((part) => part !== undefined) ? [...parts.flat(), schema] : undefined;
}

function isObject(location: DocumentLocation): boolean {
  if (!isRecord(location.value)) return false;
  if (["enum", "const", "items", "prefixItems"].some((key) => location.at(key) !== undefined)) return false;
  return (typesOf(location) ?? []).every((type) => type === "object");
}

function readProperty(
  name: string,
  location: DocumentLocation,
  isRequired: boolean,
  reader: SchemaReader,
): PropertyShape {
  const shape = reader.read(location);
  const value = isRequired ? undefined : location.at("default")?.value;
  return { name, shape, isRequired, ...(value !== undefined && fits(shape, value) ? { default: value } : {}) };
}

/** The shape of additional properties, by the last of these schemas that has it. */
export function restOf(schemas: readonly DocumentLocation[], reader: SchemaReader): Shape | "kept" | undefined {
  const patterns = schemas.flatMap((schema) => schema.at("patternProperties")?.entries() ?? []);
  const values = patterns.map(([, location]) => reader.read(location));
  const others = schemas
    .map((schema) => schema.at("additionalProperties"))
    .findLast((location) => location !== undefined);
  if (others === undefined || others.value === false) return values.length > 0 ? unionOf(values) : undefined;
  const isAnything = others.value === true || Object.keys(others.record()).length === 0;
  return isAnything ? "kept" : unionOf([...values, reader.read(others)]);
}
