import { isRecord } from "../document/is-record.ts";
import type { DocumentLocation } from "../document/location.ts";
import type { SchemaReader } from "./reader.ts";

/**
 * Whether one of these schemas is an option of `schema`: by `oneOf` or `anyOf`, or as a subtype (by `allOf`) if `schema` has
 * a discriminator.
 */
export const hasAmongOptions = (
  schema: DocumentLocation,
  identities: readonly string[],
  reader: Pick<SchemaReader, "subtypesOf">,
): boolean => optionLocations(schema, reader).some((option) => reaches(option, new Set(identities), reader, new Set()));

function optionLocations(
  schema: DocumentLocation,
  reader: Pick<SchemaReader, "subtypesOf">,
): readonly DocumentLocation[] {
  if (!isRecord(schema.value)) return [];
  const listed = ["oneOf", "anyOf"].flatMap((key) => schema.at(key)?.items() ?? []);
  return schema.at("discriminator") ? [...listed, ...reader.subtypesOf(schema)] : listed;
}

function reaches(
  schema: DocumentLocation,
  identities: ReadonlySet<string>,
  reader: Pick<SchemaReader, "subtypesOf">,
  seen: Set<string>,
): boolean {
  if (identities.has(schema.identity)) return true;
  if (seen.has(schema.identity)) return false;
  seen.add(schema.identity);
  const target = isRecord(schema.value) ? schema.referred() : undefined;
  const next = [
    ...(target ? [target] : []),
    ...(isRecord(schema.value) ? (schema.at("allOf")?.items() ?? []) : []),
    ...optionLocations(schema, reader),
  ];
  return next.some((location) => reaches(location, identities, reader, seen));
}
