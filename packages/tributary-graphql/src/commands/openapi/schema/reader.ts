import type { DocumentLocation } from "../document/location.ts";
import type { Shape } from "./shape.ts";

/** The functions of the schema reader that its parts share. */
export interface SchemaReader {
  /** The shape of a schema, with references to others by name. */
  read(schema: DocumentLocation): Shape;
  /** Declares the schema at a location. Returns its name. */
  nameOf(schema: DocumentLocation): string;
  /** The schemas of the document that have this one in `allOf`. */
  subtypesOf(schema: DocumentLocation): readonly DocumentLocation[];
}
