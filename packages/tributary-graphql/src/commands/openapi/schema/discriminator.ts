import type { DocumentLocation } from "../document/location.ts";
import { admitsNull } from "./keywords.ts";
import { mergedObject } from "./merge.ts";
import type { SchemaReader } from "./reader.ts";
import { type Shape, type TaggedOption, unionOf } from "./shape.ts";

/**
 * A union whose options a property tells apart: those that `oneOf` or `anyOf` list, or all that are made of the schema
 * by `allOf`, and the schema itself. Undefined where the values of that property do not tell each option from the rest.
 */
export function readDiscriminated(schema: DocumentLocation, reader: SchemaReader): Shape | undefined {
  const property = schema.at("discriminator")?.valueAt("propertyName");
  if (typeof property !== "string") return undefined;
  const listed = (schema.at("oneOf") ?? schema.at("anyOf"))?.items();
  const locations = listed ?? reader.subtypesOf(schema);
  const options = locations.map((location) => taggedOption(location, property, valuesFor(schema, location), reader));
  if (options.length === 0 || !options.every((option) => option !== undefined)) return undefined;
  const values = options.flatMap((option) => option.values);
  if (new Set(values).size < values.length) return undefined;
  const union: Shape = { kind: "discriminated", property, options };
  const base = listed ? undefined : mergedObject(schema, reader);
  return base ? unionOf([union, base]) : union;
}

function taggedOption(
  location: DocumentLocation,
  property: string,
  values: readonly string[],
  reader: SchemaReader,
): TaggedOption | undefined {
  const target = location.followed();
  const merged = mergedObject(target, reader);
  // An option that is a union itself has no properties that could be required.
  if (merged === undefined || admitsNull(target) || isUnion(target, reader)) return undefined;
  const option: Shape =
    location.referred() || location.identity !== target.identity || isNamed(location)
      ? { kind: "named", name: reader.nameOf(target) }
      : merged;
  // The property has to be there, or a body without it, which the option allows, would be refused.
  const own = merged.properties.find(({ name, isRequired }) => name === property && isRequired)?.shape;
  if (own === undefined) return undefined;
  if (own.kind !== "literal") return { option, values, isTagged: false };
  const literals = own.values.filter((value) => typeof value === "string");
  const isTagged = literals.length === own.values.length && values.every((value) => literals.includes(value));
  return isTagged ? { option, values: literals, isTagged } : { option, values, isTagged };
}

const isNamed = (location: DocumentLocation): boolean => location.path.at(-2) === "schemas";

const isUnion = (schema: DocumentLocation, reader: SchemaReader): boolean =>
  schema.at("oneOf") !== undefined ||
  schema.at("anyOf") !== undefined ||
  (schema.at("discriminator") !== undefined && reader.subtypesOf(schema).length > 0);

/** The values that stand for an option: those that the mapping says, or its name. */
function valuesFor(schema: DocumentLocation, option: DocumentLocation): string[] {
  const target = option.followed();
  const mapping = schema.need("discriminator").at("mapping")?.entries() ?? [];
  const isTarget = (location: DocumentLocation): boolean => {
    const name = location.text();
    const found = find(location, `#/components/schemas/${encodeURIComponent(name)}`) ?? find(location, name);
    return found?.followed().identity === target.identity;
  };
  const values = mapping.filter(([, location]) => isTarget(location)).map(([value]) => value);
  return values.length > 0 ? values : [target.lastName];
}

const find = (location: DocumentLocation, reference: string): DocumentLocation | undefined =>
  URL.canParse(reference, "file:///") ? location.find(reference) : undefined;
