export type { Database } from "./database.ts";
export { type OpenOptions, openDatabase } from "./open.ts";
export { loaderByArguments } from "./readers/loader-by-arguments.ts";
export { mapRows } from "./readers/row-mapping.ts";
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
} from "./readers/source.ts";
export { createReads, type Reads } from "./reads.ts";
export { type KeyColumnType, keyTable } from "./statements/key-table.ts";
