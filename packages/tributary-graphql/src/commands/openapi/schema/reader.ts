import type { DocumentLocation } from "../document/location.ts";
import type { Shape } from "./shape.ts";

/** What the parts of the reading of schemas need of each other. */
export interface SchemaReader {
  /** What a schema says, with references to others by name. */
  read(schema: DocumentLocation): Shape;
  /** The name of the schema at a location, which is to be declared too. */
  nameOf(schema: DocumentLocation): string;
  /** Every schema of the document that is made of this one, by `allOf`. */
  subtypesOf(schema: DocumentLocation): readonly DocumentLocation[];
}
