import type { Place } from "../document/place.ts";
import { typesOf } from "./keywords.ts";
import { mergedObject } from "./merge.ts";
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
} from "./shape.ts";

/** What `type` and the words that go with it say; without a type, what the others imply. */
export function readByType(schema: Place, reader: SchemaReader): Shape {
  const types = typesOf(schema);
  if (types === undefined) return readImplied(schema, reader);
  return types.length === 0 ? nullShape : unionOf(types.map((type) => readType(type, schema, reader)));
}

function readImplied(schema: Place, reader: SchemaReader): Shape {
  if (schema.at("properties") ?? schema.at("additionalProperties")) return readObject(schema, reader);
  return (schema.at("items") ?? schema.at("prefixItems")) ? readArray(schema, reader) : unknownShape;
}

function readType(type: string, schema: Place, reader: SchemaReader): Shape {
  const formatName = schema.at("format")?.text() ?? "";
  switch (type) {
    case "string":
      return stringFormats[formatName] ?? stringShape;
    case "integer":
      return integerFormats[formatName] ?? integerShape;
    case "number":
      return numberShape;
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

function readArray(schema: Place, reader: SchemaReader): Shape {
  const items = schema.at("items");
  const item = items ? reader.read(items) : unknownShape;
  const first = schema.at("prefixItems")?.items();
  if (first === undefined) return { kind: "array", item };
  return { kind: "tuple", items: first.map((one) => reader.read(one)), rest: item === neverShape ? undefined : item };
}

function readObject(schema: Place, reader: SchemaReader): Shape {
  const isRecord = schema.at("properties") === undefined && schema.at("additionalProperties")?.value !== false;
  return isRecord
    ? readRecord(schema, reader)
    : (mergedObject(schema, reader) ?? { kind: "record", value: unknownShape });
}

/** An object whose properties have no names of their own: a dictionary. */
function readRecord(schema: Place, reader: SchemaReader): Shape {
  const patterns = schema.at("patternProperties")?.entries() ?? [];
  const others = schema.at("additionalProperties");
  const values = [...patterns.map(([, value]) => value), ...(others ? [others] : [])].map((value) =>
    reader.read(value),
  );
  return { kind: "record", value: values.length === 0 ? unknownShape : unionOf(values) };
}
