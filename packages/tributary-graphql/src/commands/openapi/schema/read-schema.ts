import type { DocumentLocation } from "../document/location.ts";
import { hasAmongOptions } from "./bases.ts";
import { readDiscriminated } from "./discriminator.ts";
import { admitsNull, hasConstraints, isConstraining, isNullType, optionsOf, typesOf } from "./keywords.ts";
import { mergedObject } from "./merge.ts";
import { readByType } from "./read-type.ts";
import type { SchemaReader } from "./reader.ts";
import {
  intersectionOf,
  isAnyObject,
  type Literal,
  neverShape,
  nullable,
  nullShape,
  type Shape,
  unionOf,
  unknownShape,
} from "./shape.ts";

/** The shape of a schema, with references to others by name. */
export function readSchema(schema: DocumentLocation, reader: SchemaReader): Shape {
  // A YAML key without a value is null.
  if (schema.value === true || schema.value === null) return unknownShape;
  if (schema.value === false) return neverShape;
  schema.record();
  const target = schema.referred();
  const named: Shape[] = target ? [{ kind: "named", name: reader.nameOf(target) }] : [];
  // The code of a discriminated union is long, so it always gets a name.
  if (isDiscriminated(schema)) named.push({ kind: "named", name: reader.nameOf(schema) });
  const shape =
    named.length > 0 && !(target && hasConstraints(schema)) ? intersectionOf(named) : readWhole(schema, named, reader);
  return admitsNull(schema) ? nullable(shape) : shape;
}

/** Like {@link readSchema}, but never returns a reference to the schema itself. */
export function readNamedSchema(schema: DocumentLocation, reader: SchemaReader): Shape {
  if (schema.at("discriminator") === undefined || schema.referred()) return readSchema(schema, reader);
  const shape = readDiscriminated(schema, reader) ?? readWhole(schema, [], reader);
  return admitsNull(schema) ? nullable(shape) : shape;
}

const isDiscriminated = (schema: DocumentLocation): boolean =>
  schema.at("discriminator") !== undefined && (schema.at("oneOf") ?? schema.at("anyOf")) !== undefined;

function readWhole(schema: DocumentLocation, named: readonly Shape[], reader: SchemaReader): Shape {
  const constant = schema.valueAt("const");
  if (constant !== undefined) return literalOf(schema, [constant]);
  const values = schema.at("enum");
  if (values) {
    return literalOf(
      schema,
      values.items().map(({ value }) => value),
    );
  }
  const unions = (["oneOf", "anyOf"] as const).map((key) => readOptions(optionsOf(schema, key), reader));
  const own = schema.at("allOf") ? readAllOf(schema, reader) : readByType(schema, reader);
  // An object already has the properties of its `$ref`.
  const others = [...(own.kind === "object" ? [] : named), ...unions.filter((shape) => shape !== undefined)];
  // `type: object` beside options or a reference adds nothing to them.
  return intersectionOf(others.length > 0 && isAnyObject(own) ? others : [...others, own]);
}

function readOptions(options: readonly DocumentLocation[], reader: SchemaReader): Shape | undefined {
  if (options.length === 0) return undefined;
  const others = options.filter((option) => !isNullType(option));
  const ordered = others.toSorted((one, other) => requiredCount(other) - requiredCount(one));
  const shape = ordered.length === 0 ? nullShape : unionOf(ordered.map((option) => reader.read(option)));
  return others.length < options.length ? nullable(shape) : shape;
}

/** Options with more required properties are tried first: an option without any matches every object. */
const requiredCount = (option: DocumentLocation): number => {
  const required = option.followed().at("required");
  return required ? required.items().length : 0;
};

function readAllOf(schema: DocumentLocation, reader: SchemaReader): Shape {
  const parts = schema.need("allOf").items().filter(isConstraining);
  const [first] = parts;
  const isWrapper = parts.length === 1 && !["type", "properties", "required"].some((key) => schema.at(key));
  if (first && isWrapper && !hasAmongOptions(first.followed(), [schema.identity], reader)) return reader.read(first);
  const merged = mergedObject(schema, reader);
  if (merged !== undefined) return merged;
  const others = parts.filter((part) => part.followed().identity !== schema.identity);
  return intersectionOf([...others.map((part) => reader.read(part)), readByType(schema, reader)]);
}

/**
 * The shape of `enum` or `const`. It is unknown if there are values other than primitive ones. The type decides between `1`
 * and `"1"`: in YAML a string may lack its quotes, and documents quote numbers.
 */
function literalOf(schema: DocumentLocation, values: readonly unknown[]): Shape {
  const types = typesOf(schema) ?? [];
  const literals = values.filter(isLiteral).map((value) => ofType(value, types));
  if (literals.length < values.length || literals.length === 0) return unknownShape;
  const others = [...new Set(literals.filter((value) => value !== null))];
  if (others.length === 0) return nullShape;
  const shape: Shape = { kind: "literal", values: others };
  return literals.includes(null) ? nullable(shape) : shape;
}

const isLiteral = (value: unknown): value is Literal =>
  value === null || typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);

function ofType(value: Literal, types: readonly string[]): Literal {
  const [type, ...more] = types;
  if (more.length > 0 || value === null) return value;
  if (type === "string") return String(value);
  const isNumeric = (type === "integer" || type === "number") && typeof value === "string" && value.trim() !== "";
  return isNumeric && Number.isFinite(Number(value)) ? Number(value) : value;
}
