import type { Selectable } from "kysely";

/** Maps the rows of a table to items: each property is a column. */
export interface RowMapping<Column extends string, Item> {
  /** The columns of these properties; undefined (all columns) for undefined. */
  columnsOf(properties: readonly (keyof Item & string)[] | undefined): readonly Column[] | undefined;
  /**
   * Converts a row, which may have only some of the columns, to an item. Reading a property whose column was not read
   * throws a TypeError, so that it is not taken for a missing value.
   */
  toItem(row: Readonly<Partial<Record<Column, unknown>>>): Item;
}

/** The columns that can store a value of this type: those with the same type, or also null. */
type ColumnFor<Row, Value> = { [Column in keyof Row & string]: Value extends Row[Column] ? Column : never }[keyof Row &
  string];

/**
 * Declares how the rows of a table are mapped to items.
 *
 * @typeParam Table a table interface of Kysely; a `Generated` or `ColumnType` column counts with its select type
 * @param kind the item's `kind`, the discriminator of a union
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
  const unread = unreadPrototype(kind, Object.keys(columns));
  const columnByProperty = new Map(entries);
  /** Ten times slower than a plain object, so only for rows without some of the columns. */
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

function unreadPrototype(kind: string, properties: readonly string[]): object {
  const throwingProperties = properties.map((property) => [
    property,
    {
      get() {
        throw new TypeError(
          `${kind}.${property} is used but was not read: add it to uses(…) of the field that needs it.`,
        );
      },
    },
  ]);
  return Object.create(Object.prototype, Object.fromEntries(throwingProperties));
}
