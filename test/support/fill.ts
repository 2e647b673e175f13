import { openDatabase } from "tributary-graphql/sql";
import { prepareDatabase } from "../../atlas/database/prepare.ts";
import type { AtlasDatabase } from "../../datasources/database.ts";
import { copySeededSqlite } from "./sqlite-template.ts";

/** Seeds an empty test database with Atlas. */
export async function fill(url: string): Promise<void> {
  if (url.startsWith("sqlite:")) return copySeededSqlite(url.slice("sqlite:".length));
  const database = await openDatabase<AtlasDatabase>(url);
  try {
    await prepareDatabase(database);
  } finally {
    await database.close();
  }
}
