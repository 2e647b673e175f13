import type { Expression, ExpressionBuilder, Selectable, SqlBool } from "kysely";
import type { OrderOf } from "../../relay/order.ts";
import type { PageRows, PageWindow } from "../../relay/page.ts";

export type TableName<Schema> = keyof Schema & string;
export type RowOf<Schema, Table extends TableName<Schema>> = Selectable<Schema[Table]>;
export type ColumnName<Schema, Table extends keyof Schema> = keyof Selectable<Schema[Table]> & string;

/** The columns that can be a key: those of strings or numbers. */
export type KeyColumn<Row> = {
  [Column in keyof Row & string]: NonNullable<Row[Column]> extends string | number ? Column : never;
}[keyof Row & string];

/** A column, or the columns of a composite key. */
export type KeyColumns<Row> = KeyColumn<Row> | readonly [KeyColumn<Row>, ...KeyColumn<Row>[]];

/**
 * A key: the value of the column, or for a composite key an object with its columns. A key is never null; rows whose key
 * is NULL are never found.
 */
export type KeyOf<Row, Key> = Key extends keyof Row
  ? NonNullable<Row[Key]>
  : Key extends readonly (infer Column extends keyof Row)[]
    ? { readonly [Name in Column]: NonNullable<Row[Name]> }
    : never;

/** The arguments of a reader whose `where` and `orderBy` take none. */
export type NoArguments = undefined;

/** Selects the rows of the table: returns a condition, or undefined for all rows. */
export type Where<Schema, Tables extends TableName<Schema>, Arguments> = (
  builder: ExpressionBuilder<Schema, Tables>,
  arguments_: Arguments,
) => Expression<SqlBool> | undefined;

/** An order, or a function that returns the order for the arguments. */
export type OrderBy<Row, Arguments> = OrderOf<Row> | ((arguments_: Arguments) => OrderOf<Row>);

/** The table of a reader. */
export interface TableSource<Schema, Table extends TableName<Schema>, Arguments> {
  /** The name of the reader's statements in the call log. */
  readonly call: string;
  readonly table: Table;
  readonly where?: Where<Schema, Table, Arguments>;
}

export interface OneByKeySource<Schema, Table extends TableName<Schema>, Key, Arguments>
  extends TableSource<Schema, Table, Arguments> {
  /** Unique. If two rows have the same key, the first one that the database returns is used. */
  readonly key: Key;
}

export interface ManyByKeySource<Schema, Table extends TableName<Schema>, Key, Arguments>
  extends TableSource<Schema, Table, Arguments> {
  readonly key: Key;
  /** The order of the rows per key; default: any order. */
  readonly orderBy?: OrderBy<RowOf<Schema, Table>, Arguments>;
}

/** A join table between parents and rows. It has each pair once. */
export interface Through<Schema, Join extends TableName<Schema>, Parent> {
  /** The join table. */
  readonly table: Join;
  /** Its column, or columns, with the parent's key. */
  readonly parent: Parent;
  /** Its column, or columns, that reference the `key` or `id` of the rows, in the same order. */
  readonly child: KeyColumns<RowOf<Schema, Join>>;
}

export interface ManyThroughSource<
  Schema,
  Table extends TableName<Schema>,
  Join extends TableName<Schema>,
  Parent,
  Arguments,
> {
  readonly call: string;
  readonly table: Table;
  /** Unique in the table. */
  readonly key: KeyColumns<RowOf<Schema, Table>>;
  readonly through: Through<Schema, Join, Parent>;
  readonly orderBy?: OrderBy<RowOf<Schema, Table>, Arguments>;
  /** A column name that both tables have must be qualified with the table. */
  readonly where?: Where<Schema, Table | Join, Arguments>;
}

export interface ByParentSource<Schema, Table extends TableName<Schema>, Parent, Arguments>
  extends TableSource<Schema, Table, Arguments> {
  readonly parent: Parent;
}

export interface PageSource<Schema, Table extends TableName<Schema>, Arguments>
  extends TableSource<Schema, Table, Arguments> {
  readonly orderBy: OrderBy<RowOf<Schema, Table>, Arguments>;
}

export interface PageByParentSource<Schema, Table extends TableName<Schema>, Parent, Arguments>
  extends PageSource<Schema, Table, Arguments> {
  readonly parent: Parent;
  /** Unique in the table. */
  readonly id: KeyColumns<RowOf<Schema, Table>>;
}

export interface PageThroughSource<
  Schema,
  Table extends TableName<Schema>,
  Join extends TableName<Schema>,
  Parent,
  Arguments,
> {
  readonly call: string;
  readonly table: Table;
  /** Unique in the table. */
  readonly id: KeyColumns<RowOf<Schema, Table>>;
  readonly through: Through<Schema, Join, Parent>;
  readonly orderBy: OrderBy<RowOf<Schema, Table>, Arguments>;
  /** A column name that both tables have must be qualified with the table. */
  readonly where?: Where<Schema, Table | Join, Arguments>;
}

interface Filtered<Arguments> {
  /** The arguments of `where` and `orderBy`. Loads with equal arguments share a batch. */
  readonly arguments: Arguments;
}

/** The last parameter of `load`, optional for a reader without arguments. */
type Optional<Arguments, Request> = [Arguments] extends [NoArguments]
  ? [request?: Request & { readonly arguments?: undefined }]
  : [request: Request & Filtered<Arguments>];

type Required<Arguments, Request> = [Arguments] extends [NoArguments]
  ? [request: Request & { readonly arguments?: undefined }]
  : [request: Request & Filtered<Arguments>];

interface Selected<Column> {
  /** The columns to read; undefined for all. Loads of different columns share a batch. */
  readonly columns?: readonly Column[];
}

interface Limited {
  /** The maximum number of rows per key, from the start of the order. Requires `orderBy`. */
  readonly first?: number;
}

export interface OneByKey<Row, Key, Arguments = NoArguments> {
  /** Resolves to the row of this key, or null. */
  load<const Column extends keyof Row & string = keyof Row & string>(
    key: Key,
    ...request: Optional<Arguments, Selected<Column>>
  ): Promise<Pick<Row, Column> | null>;
}

export interface ManyByKey<Row, Key, Arguments = NoArguments> {
  /** Resolves to the rows of this key. */
  load<const Column extends keyof Row & string = keyof Row & string>(
    key: Key,
    ...request: Optional<Arguments, Selected<Column> & Limited>
  ): Promise<readonly Pick<Row, Column>[]>;
}

export interface CountByParent<Key, Arguments = NoArguments> {
  /** Resolves to the number of rows of this parent. */
  load(key: Key, ...request: Optional<Arguments, object>): Promise<number>;
}

export interface ExistsByParent<Key, Arguments = NoArguments> {
  /** Resolves to whether this parent has a row. */
  load(key: Key, ...request: Optional<Arguments, object>): Promise<boolean>;
}

export interface PageByParent<Row, Key, Arguments = NoArguments> {
  /** Resolves to a page of this parent's rows. */
  load<const Column extends keyof Row & string = keyof Row & string>(
    key: Key,
    ...request: Required<Arguments, Selected<Column> & { readonly window: PageWindow }>
  ): Promise<PageRows<Pick<Row, Column>>>;
}

export interface PageReader<Row, Arguments = NoArguments> {
  /** Resolves to a page of the table. */
  load<const Column extends keyof Row & string = keyof Row & string>(
    ...request: Required<Arguments, Selected<Column> & { readonly window: PageWindow }>
  ): Promise<PageRows<Pick<Row, Column>>>;
}

export interface CountReader<Arguments = NoArguments> {
  /** Resolves to the number of rows. */
  load(...request: Optional<Arguments, object>): Promise<number>;
}
