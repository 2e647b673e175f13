import type { Database } from "../database.ts";
import type { ColumnTypes } from "../dialects/column-types.ts";
import type { ReadScope } from "../statements/read.ts";
import type { Loaders } from "./loaders.ts";

/** Shared by all readers of a request. */
export interface ReaderContext<Schema> {
  readonly database: Database<Schema>;
  readonly scope: ReadScope;
  readonly loaders: Loaders;
  /** The cache of column types, shared by all requests. */
  readonly types: ColumnTypes;
}
