import type { Place } from "../document/place.ts";
import { readDiscriminated } from "./discriminator.ts";
import { admitsNull, isTelling, optionsOf, saysMore } from "./keywords.ts";
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

/** What a schema says, with references to others by name. */
export function readSchema(schema: Place, reader: SchemaReader): Shape {
  if (schema.value === true) return unknownShape;
  if (schema.value === false) return neverShape;
  schema.record();
  const target = schema.referred();
  const named: Shape[] = target ? [{ kind: "named", name: reader.nameOf(target) }] : [];
  // A union that a property tells apart is long, and gets a name wherever it stands.
  if (isDiscriminated(schema)) named.push({ kind: "named", name: reader.nameOf(schema) });
  const shape =
    named.length > 0 && !(target && saysMore(schema)) ? intersectionOf(named) : readWhole(schema, named, reader);
  return admitsNull(schema) ? nullable(shape) : shape;
}

/** What the schema says that has a name: as {@link readSchema}, but not by its own name. */
export function readNamedSchema(schema: Place, reader: SchemaReader): Shape {
  if (schema.at("discriminator") === undefined || schema.referred()) return readSchema(schema, reader);
  const shape = readDiscriminated(schema, reader) ?? readWhole(schema, [], reader);
  return admitsNull(schema) ? nullable(shape) : shape;
}

const isDiscriminated = (schema: Place): boolean =>
  schema.at("discriminator") !== undefined && (schema.at("oneOf") ?? schema.at("anyOf")) !== undefined;

function readWhole(schema: Place, named: readonly Shape[], reader: SchemaReader): Shape {
  const constant = schema.at("const");
  if (constant) return literalOf([constant.value]);
  const values = schema.at("enum");
  if (values) return literalOf(values.items().map(({ value }) => value));
  const unions = (["oneOf", "anyOf"] as const).map((key) => readOptions(optionsOf(schema, key), reader));
  const own = schema.at("allOf") ? readAllOf(schema, reader) : readByType(schema, reader);
  // An object has the properties of what it refers to already.
  const others = [...(own.kind === "object" ? [] : named), ...unions.filter((shape) => shape !== undefined)];
  // `type: object` beside options or a reference adds nothing to them.
  return intersectionOf(others.length > 0 && isAnyObject(own) ? others : [...others, own]);
}

function readOptions(options: readonly Place[], reader: SchemaReader): Shape | undefined {
  if (options.length === 0) return undefined;
  const others = options.filter((option) => option.at("type")?.value !== "null");
  const ordered = others.toSorted((one, other) => demands(other) - demands(one));
  const shape = ordered.length === 0 ? nullShape : unionOf(ordered.map((option) => reader.read(option)));
  return others.length < options.length ? nullable(shape) : shape;
}

/** What demands more is tried first: where an option demands nothing, every object is one of its kind. */
const demands = (option: Place): number => {
  const required = option.followed().at("required");
  return required ? required.items().length : 0;
};

function readAllOf(schema: Place, reader: SchemaReader): Shape {
  const parts = schema.need("allOf").items().filter(isTelling);
  const [first] = parts;
  const isWrapper = parts.length === 1 && !["type", "properties", "required"].some((key) => schema.at(key));
  if (first && isWrapper) return reader.read(first);
  const merged = mergedObject(schema, reader);
  if (merged !== undefined) return merged;
  return intersectionOf([...parts.map((part) => reader.read(part)), readByType(schema, reader)]);
}

/** Values that are no plain ones, such as objects, are not held against a body. */
function literalOf(values: readonly unknown[]): Shape {
  const literals = values.filter((value): value is Literal => value === null || typeof value !== "object");
  if (literals.length < values.length || literals.length === 0) return unknownShape;
  const others = [...new Set(literals.filter((value) => value !== null))];
  if (others.length === 0) return nullShape;
  const shape: Shape = { kind: "literal", values: others };
  return literals.includes(null) ? nullable(shape) : shape;
}
