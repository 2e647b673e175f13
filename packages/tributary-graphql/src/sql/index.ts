export { type KeyColumnType, keyTable } from "./key-table.ts";
export { loaderByArguments } from "./loader-by-arguments.ts";
export { type Database, type OpenOptions, openDatabase } from "./open.ts";
export { createReads, type Reads } from "./reads.ts";
export { mapRows } from "./row-mapping.ts";
export type {
  ByParentSource,
  CountByParent,
  CountReader,
  ExistsByParent,
  KeyColumns,
  KeyOf,
  ManyByKey,
  ManyByKeySource,
  ManyThroughSource,
  OneByKey,
  OneByKeySource,
  OrderBy,
  PageByParent,
  PageByParentSource,
  PageReader,
  PageSource,
  PageThroughSource,
  RowOf,
  TableName,
  TableSource,
  Through,
  Where,
} from "./source.ts";
