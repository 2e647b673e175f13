import type { DocumentLocation } from "../document/location.ts";
import type { Shape } from "./shape.ts";

/** The functions that the parts of the schema reader need of each other. */
export interface SchemaReader {
  /** The shape of a schema, with references to others by name. */
  read(schema: DocumentLocation): Shape;
  /** The name of the schema at a location, which is to be declared too. */
  nameOf(schema: DocumentLocation): string;
  /** Every schema of the document that is made of this one, by `allOf`. */
  subtypesOf(schema: DocumentLocation): readonly DocumentLocation[];
}
