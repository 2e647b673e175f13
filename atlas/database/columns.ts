import type { Database } from "tributary-graphql/sql";
import type { AtlasDatabase } from "../../datasources/database.ts";

export type DatabaseKind = Database<unknown>["kind"];

/** The type of a column; text is bounded by characters. */
export type ColumnType =
  | { readonly holds: "integer"; readonly nullable?: true }
  | { readonly holds: "double"; readonly nullable?: true }
  | { readonly holds: "text"; readonly length: number; readonly nullable?: true };

const integer = { holds: "integer" } as const;
const double = { holds: "double" } as const;
const text = (length: number) => ({ holds: "text", length }) as const;

/**
 * The tables that the packages fill. A table of one's own stands beside them in `AtlasDatabase` but is none of these: the
 * first migration creates them, and an interrupted seed drops them.
 */
export type SeededTable = keyof Pick<AtlasDatabase, "city" | "airport" | "search_term">;

/** The columns of every seeded table. The migration creates them, and the seed tells the database by them how to read its rows. */
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

/** The SQL type of a column. Text is kept and sent as Unicode, whatever the database's own character set is. */
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

/** Text compares and sorts by code point: by default in SQLite, and by this clause elsewhere. */
export function collation(kind: DatabaseKind, column: ColumnType): string {
  if (column.holds !== "text" || kind === "sqlite") return "";
  return kind === "postgres" ? ' collate "C"' : " collate utf8mb4_bin";
}
