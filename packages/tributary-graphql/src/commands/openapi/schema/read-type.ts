import type { DocumentLocation } from "../document/location.ts";
import { typesOf } from "./keywords.ts";
import { mergedObject, restOf } from "./merge.ts";
import type { SchemaReader } from "./reader.ts";
import {
  booleanShape,
  integerFormats,
  integerShape,
  neverShape,
  nullShape,
  numberShape,
  type Shape,
  stringFormats,
  stringShape,
  unionOf,
  unknownShape,
  urlShape,
  wholeFormats,
} from "./shape.ts";

/** The shape by `type` and the keywords of this type; without a type, by the keywords only. */
export function readByType(schema: DocumentLocation, reader: SchemaReader): Shape {
  const types = typesOf(schema);
  if (types === undefined) return readImplied(schema, reader);
  return types.length === 0 ? nullShape : unionOf(types.map((type) => readType(type, schema, reader)));
}

function readImplied(schema: DocumentLocation, reader: SchemaReader): Shape {
  const isObject = ["properties", "additionalProperties", "patternProperties"].some((key) => schema.at(key));
  if (isObject) return readObject(schema, reader);
  return (schema.at("items") ?? schema.at("prefixItems")) ? readArray(schema, reader) : unknownShape;
}

function readType(type: string, schema: DocumentLocation, reader: SchemaReader): Shape {
  const formatName = schema.proseAt("format");
  switch (type) {
    case "string":
      return ownOf(stringFormats, formatName) ?? (isDescribedAsUrl(schema) ? urlShape : stringShape);
    case "integer":
      return ownOf(integerFormats, formatName) ?? integerShape;
    case "number":
      return wholeFormats.has(formatName) ? integerShape : numberShape;
    case "boolean":
      return booleanShape;
    case "array":
      return readArray(schema, reader);
    case "object":
      return readObject(schema, reader);
    default:
      return schema.need("type").refuse("string, number, integer, boolean, array, object or null");
  }
}

const ownOf = (shapes: Readonly<Record<string, Shape>>, name: string): Shape | undefined =>
  Object.hasOwn(shapes, name) ? shapes[name] : undefined;

/** Few documents have `format: uri`, but many describe the URL of a next page in words or by an example. */
const isDescribedAsUrl = (schema: DocumentLocation): boolean =>
  /\b(url|uri|href|hyperlink)\b/i.test(schema.proseAt("description")) || /^https?:/i.test(schema.proseAt("example"));

function readArray(schema: DocumentLocation, reader: SchemaReader): Shape {
  const items = schema.at("items");
  // Before JSON Schema 2020-12, tuples had an array in `items`, and `additionalItems`.
  const isOlder = Array.isArray(items?.value);
  const others = isOlder ? schema.at("additionalItems") : items;
  const first = schema.at("prefixItems")?.items() ?? (isOlder ? items?.items() : undefined);
  const item = others ? reader.read(others) : unknownShape;
  if (first === undefined) return { kind: "array", item };
  const minItems = Number(schema.valueAt("minItems") ?? 0);
  return {
    kind: "tuple",
    items: first.map((one) => reader.read(one)),
    required: Math.min(Number.isInteger(minItems) && minItems > 0 ? minItems : 0, first.length),
    rest: item === neverShape ? undefined : item,
  };
}

function readObject(schema: DocumentLocation, reader: SchemaReader): Shape {
  const isClosed = schema.valueAt("additionalProperties") === false && schema.at("patternProperties") === undefined;
  return schema.at("properties") === undefined && !isClosed
    ? readRecord(schema, reader)
    : (mergedObject(schema, reader) ?? { kind: "record", value: unknownShape });
}

/** A dictionary: an object without named properties. */
function readRecord(schema: DocumentLocation, reader: SchemaReader): Shape {
  const rest = restOf([schema], reader);
  return { kind: "record", value: rest === undefined || rest === "kept" ? unknownShape : rest };
}
