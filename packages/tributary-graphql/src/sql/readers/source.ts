import type { Expression, ExpressionBuilder, Selectable, SqlBool } from "kysely";
import type { OrderOf } from "../../relay/order.ts";
import type { PageRows, PageWindow } from "../../relay/page.ts";

export type TableName<Schema> = keyof Schema & string;
export type RowOf<Schema, Table extends TableName<Schema>> = Selectable<Schema[Table]>;
export type ColumnName<Schema, Table extends keyof Schema> = keyof Selectable<Schema[Table]> & string;

/** The columns that rows can be asked for by: those that hold texts or numbers. */
export type KeyColumn<Row> = {
  [Column in keyof Row & string]: NonNullable<Row[Column]> extends string | number ? Column : never;
}[keyof Row & string];

/** A column, or the columns of a composite key. */
export type KeyColumns<Row> = KeyColumn<Row> | readonly [KeyColumn<Row>, ...KeyColumn<Row>[]];

/**
 * The key of rows: the value of the column, or for a composite key an object of its columns. A key is never
 * null, and no row whose key is NULL is found.
 */
export type KeyOf<Row, Key> = Key extends keyof Row
  ? NonNullable<Row[Key]>
  : Key extends readonly (infer Column extends keyof Row)[]
    ? { readonly [Name in Column]: NonNullable<Row[Name]> }
    : never;

/** Stands for a reader whose `where` and `orderBy` take no arguments. */
export type NoArguments = undefined;

/** Which rows of the table: a condition, or undefined for all. */
export type Where<Schema, Tables extends TableName<Schema>, Arguments> = (
  builder: ExpressionBuilder<Schema, Tables>,
  arguments_: Arguments,
) => Expression<SqlBool> | undefined;

/** In which order; it may follow from the arguments. */
export type OrderBy<Row, Arguments> = OrderOf<Row> | ((arguments_: Arguments) => OrderOf<Row>);

/** Where a reader reads, and what its reads are called in the call log. */
export interface TableSource<Schema, Table extends TableName<Schema>, Arguments> {
  readonly call: string;
  readonly table: Table;
  readonly where?: Where<Schema, Table, Arguments>;
}

export interface OneByKeySource<Schema, Table extends TableName<Schema>, Key, Arguments>
  extends TableSource<Schema, Table, Arguments> {
  /** Unique; of two rows with one key the first that the database gives counts. */
  readonly key: Key;
}

export interface ManyByKeySource<Schema, Table extends TableName<Schema>, Key, Arguments>
  extends TableSource<Schema, Table, Arguments> {
  readonly key: Key;
  /** Of the rows of one key; without it in any order. */
  readonly orderBy?: OrderBy<RowOf<Schema, Table>, Arguments>;
}

/** The way to the rows of a parent over a join table, in which each pair stands once. */
export interface Through<Schema, Join extends TableName<Schema>, Parent> {
  /** The join table. */
  readonly table: Join;
  /** Its column, or columns, with what is asked for. */
  readonly parent: Parent;
  /** Its column, or columns, that equal the `key` of the rows, in the same order. */
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
  /** A column that both tables have must be named with its table. */
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
  /** A column that both tables have must be named with its table. */
  readonly where?: Where<Schema, Table | Join, Arguments>;
}

interface Filtered<Arguments> {
  /** The arguments of `where` and `orderBy`. Loads with equal arguments share a batch. */
  readonly arguments: Arguments;
}

/** The last parameter of `load`: it can be left out where nothing in it is needed. */
type Optional<Arguments, Request> = [Arguments] extends [NoArguments]
  ? [request?: Request & { readonly arguments?: undefined }]
  : [request: Request & Filtered<Arguments>];

type Required<Arguments, Request> = [Arguments] extends [NoArguments]
  ? [request: Request & { readonly arguments?: undefined }]
  : [request: Request & Filtered<Arguments>];

interface Selected<Column> {
  /** The columns to read; undefined for all. Loads of one moment share a batch whatever columns they name. */
  readonly columns?: readonly Column[];
}

interface Limited {
  /** At most so many rows of each key, the first of the order. Needs `orderBy`. */
  readonly first?: number;
}

export interface OneByKey<Row, Key, Arguments = NoArguments> {
  /** The row of this key, or null. */
  load<const Column extends keyof Row & string = keyof Row & string>(
    key: Key,
    ...request: Optional<Arguments, Selected<Column>>
  ): Promise<Pick<Row, Column> | null>;
}

export interface ManyByKey<Row, Key, Arguments = NoArguments> {
  /** The rows of this key. */
  load<const Column extends keyof Row & string = keyof Row & string>(
    key: Key,
    ...request: Optional<Arguments, Selected<Column> & Limited>
  ): Promise<readonly Pick<Row, Column>[]>;
}

export interface CountByParent<Key, Arguments = NoArguments> {
  /** How many rows this parent has. */
  load(key: Key, ...request: Optional<Arguments, object>): Promise<number>;
}

export interface ExistsByParent<Key, Arguments = NoArguments> {
  /** Whether this parent has a row. */
  load(key: Key, ...request: Optional<Arguments, object>): Promise<boolean>;
}

export interface PageByParent<Row, Key, Arguments = NoArguments> {
  /** A page of this parent's rows. */
  load<const Column extends keyof Row & string = keyof Row & string>(
    key: Key,
    ...request: Required<Arguments, Selected<Column> & { readonly window: PageWindow }>
  ): Promise<PageRows<Pick<Row, Column>>>;
}

export interface PageReader<Row, Arguments = NoArguments> {
  /** A page of the table. */
  load<const Column extends keyof Row & string = keyof Row & string>(
    ...request: Required<Arguments, Selected<Column> & { readonly window: PageWindow }>
  ): Promise<PageRows<Pick<Row, Column>>>;
}

export interface CountReader<Arguments = NoArguments> {
  /** How many rows there are. */
  load(...request: Optional<Arguments, object>): Promise<number>;
}
