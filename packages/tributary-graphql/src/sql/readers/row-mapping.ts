import type { Selectable } from "kysely";

/** How the rows of a table become items: each property is a column. */
export interface RowMapping<Column extends string, Item> {
  /** The columns that hold these properties; undefined, which means all, for undefined. */
  columnsOf(properties: readonly (keyof Item & string)[] | undefined): readonly Column[] | undefined;
  /**
   * The item of a row, which may hold some of the columns only. Using a property whose column was not read throws a
   * TypeError: it would otherwise pass for a value that is missing.
   */
  toItem(row: Readonly<Partial<Record<Column, unknown>>>): Item;
}

/** Columns that can hold a value of this type: those with the same type, or one that also allows null. */
type ColumnFor<Row, Value> = { [Column in keyof Row & string]: Value extends Row[Column] ? Column : never }[keyof Row &
  string];

/**
 * How a table's rows become items.
 *
 * @typeParam Table as Kysely has it: a `Generated` or `ColumnType` column is what a query reads of it
 * @param kind the item's `kind`, which tells it apart in a union
 * @example const cities = mapRows<CityTable, City>("city", { id: "id", timeZone: "time_zone" });
 */
export function mapRows<Table, Item extends { readonly kind: string }>(
  kind: Item["kind"],
  columns: {
    readonly [Property in Exclude<keyof Item & string, "kind">]: ColumnFor<Selectable<Table>, Item[Property]>;
  },
): RowMapping<keyof Selectable<Table> & string, Item> {
  type Column = keyof Selectable<Table> & string;
  const entries = Object.entries<Column>(columns);
  const unread = unreadItem(kind, Object.keys(columns));
  const columnByProperty = new Map(entries);
  /** Ten times slower than a plain object, and so for rows in part alone. */
  const partialItem = (row: Readonly<Partial<Record<Column, unknown>>>): object => {
    const item: object = { __proto__: unread, kind };
    for (const [property, column] of entries) {
      if (column in row) Object.defineProperty(item, property, { value: row[column], enumerable: true });
    }
    return item;
  };
  return {
    columnsOf: (properties) =>
      properties?.flatMap((property) => {
        const column = columnByProperty.get(property);
        return column === undefined ? [] : [column];
      }),
    toItem(row) {
      const item: Record<string, unknown> = { kind };
      for (const [property, column] of entries) {
        if (!(column in row)) return partialItem(row) as Item & Record<string, unknown>;
        item[property] = row[column];
      }
      return item as Item & Record<string, unknown>;
    },
  };
}

function unreadItem(kind: string, properties: readonly string[]): object {
  const refusals = properties.map((property) => [
    property,
    {
      get() {
        throw new TypeError(
          `${kind}.${property} is used but was not read: name it in uses(…) of the field that needs it.`,
        );
      },
    },
  ]);
  return Object.create(Object.prototype, Object.fromEntries(refusals));
}
