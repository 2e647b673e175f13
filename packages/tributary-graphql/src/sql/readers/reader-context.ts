import type { Database } from "../database.ts";
import type { ColumnTypes } from "../dialects/column-types.ts";
import type { ReadScope } from "../statements/read.ts";
import type { Loaders } from "./loaders.ts";

/** The context that all readers of a request share. */
export interface ReaderContext<Schema> {
  readonly database: Database<Schema>;
  readonly scope: ReadScope;
  readonly loaders: Loaders;
  /** The cached catalog of the database's columns, for all requests. */
  readonly types: ColumnTypes;
}
