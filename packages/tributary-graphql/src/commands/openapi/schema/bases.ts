import { isRecord } from "../document/is-record.ts";
import type { DocumentLocation } from "../document/location.ts";
import type { SchemaReader } from "./reader.ts";

/**
 * Whether a schema is a base that has one of these among its options: by `oneOf` or `anyOf`, or because it has a
 * discriminator, and is a part of it by `allOf`.
 */
export const hasAmongOptions = (
  schema: DocumentLocation,
  identities: readonly string[],
  reader: Pick<SchemaReader, "subtypesOf">,
): boolean => optionLocations(schema, reader).some((option) => leadsTo(option, new Set(identities), reader, new Set()));

function optionLocations(
  schema: DocumentLocation,
  reader: Pick<SchemaReader, "subtypesOf">,
): readonly DocumentLocation[] {
  if (!isRecord(schema.value)) return [];
  const listed = ["oneOf", "anyOf"].flatMap((key) => schema.at(key)?.items() ?? []);
  return schema.at("discriminator") ? [...listed, ...reader.subtypesOf(schema)] : listed;
}

function leadsTo(
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
  return next.some((location) => leadsTo(location, identities, reader, seen));
}
