import type { Database } from "tributary-graphql/sql";
import type { AtlasDatabase } from "../../datasources/database.ts";

export type DatabaseKind = Database<unknown>["kind"];

/** The type of a column; `length` of text is in characters. */
export type ColumnType =
  | { readonly holds: "integer"; readonly nullable?: true }
  | { readonly holds: "double"; readonly nullable?: true }
  | { readonly holds: "text"; readonly length: number; readonly nullable?: true };

const integer = { holds: "integer" } as const;
const double = { holds: "double" } as const;
const text = (length: number) => ({ holds: "text", length }) as const;

/**
 * The tables with the data of the packages. Other tables of `AtlasDatabase` do not belong here: the first migration
 * creates these tables, and a seed after an interrupted one drops them.
 */
export type SeededTable = keyof Pick<AtlasDatabase, "city" | "airport" | "search_term">;

/** The columns of the seeded tables, for the migration, and for the types of the seed's JSON values. */
export const columnsOf: { readonly [Table in SeededTable]: Record<keyof AtlasDatabase[Table], ColumnType> } = {
  city: {
    id: integer,
    name: text(200),
    name_key: text(200),
    country_code: text(2),
    population: integer,
    latitude: double,
    longitude: double,
    time_zone: text(60),
    feature_code: text(10),
  },
  airport: {
    id: integer,
    iata: { ...text(3), nullable: true },
    name: text(200),
    name_key: text(200),
    country_code: text(2),
    size_rank: integer,
    latitude: double,
    longitude: double,
    x: double,
    y: double,
    z: double,
    elevation_m: { ...integer, nullable: true },
    municipality: { ...text(200), nullable: true },
  },
  search_term: {
    term: text(64),
    kind: text(7),
    ref_id: integer,
    name_key: text(200),
    words: text(200),
    weight: integer,
  },
};

/** The SQL type of a column. Text is Unicode, independent of the default character set of the database. */
export function sqlType(kind: DatabaseKind, column: ColumnType): string {
  switch (column.holds) {
    case "integer":
      return "integer";
    case "double":
      return kind === "sqlite" ? "real" : "double precision";
    case "text":
      return `varchar(${column.length})${kind === "mysql" ? " character set utf8mb4" : ""}`;
  }
}

/** The clause for comparison and order of text by code point, which is the default of SQLite. */
export function collation(kind: DatabaseKind, column: ColumnType): string {
  if (column.holds !== "text" || kind === "sqlite") return "";
  return kind === "postgres" ? ' collate "C"' : " collate utf8mb4_bin";
}
