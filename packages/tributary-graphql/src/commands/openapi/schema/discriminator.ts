import type { DocumentLocation } from "../document/location.ts";
import { admitsNull } from "./keywords.ts";
import { mergedObject } from "./merge.ts";
import type { SchemaReader } from "./reader.ts";
import { type Shape, type TaggedOption, unionOf } from "./shape.ts";

/**
 * A discriminated union: the options of `oneOf` or `anyOf`, or else the schema and its subtypes by `allOf`. Undefined if the
 * values of the property do not identify each option.
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
  // An option that is itself a union has no required properties.
  if (merged === undefined || admitsNull(target) || isUnion(target, reader)) return undefined;
  const option: Shape =
    location.referred() || location.identity !== target.identity || isNamed(location)
      ? { kind: "named", name: reader.nameOf(target) }
      : merged;
  // If the option does not require the property, a discriminated union would refuse valid bodies.
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

/** The values of an option: those of the mapping, or its name. */
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
