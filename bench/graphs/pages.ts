import SchemaBuilder from "@pothos/core";
import { GraphQLDeferDirective, type GraphQLSchema, GraphQLStreamDirective, specifiedDirectives } from "graphql";
import type { RequestScope } from "tributary-graphql";
import { badUserInput } from "tributary-graphql";
import { createReads, type Database, openDatabase } from "tributary-graphql/sql";
import type { Graph } from "./graph.ts";

/** The tables of the graph. */
export interface PagesDatabase {
  country: Country;
  city: City;
}

interface Country {
  /** Unique. */
  code: string;
  name: string;
}

interface City {
  id: number;
  name: string;
  population: number;
  country_code: string;
}

/** The reads of one request. */
interface PagesContext {
  /** The first countries by code. */
  countries(first: number): Promise<readonly Country[]>;
  /** The largest cities of a country, by population, then by id. */
  citiesOf(countryCode: string, first: number): Promise<readonly City[]>;
  countryByCode(code: string): Promise<Country | null>;
}

/** Countries with their largest cities from a database with the tables `country` and `city`. */
export async function openPages(databaseUrl: string): Promise<Graph> {
  const database = await openDatabase<PagesDatabase>(databaseUrl);
  return {
    schema: pagesSchema(),
    createContext: (scope) => pagesContext(database, scope),
    readiness: { database: (signal) => database.ping(signal) },
    close: () => database.close(),
  };
}

function pagesContext(database: Database<PagesDatabase>, scope: RequestScope): PagesContext {
  const reads = createReads(database, scope);
  const countries = reads.page({
    call: "countries",
    table: "country",
    orderBy: [{ column: "code", direction: "asc", type: "text" }],
  });
  const citiesByCountry = reads.manyByKey({
    call: "citiesByCountry",
    table: "city",
    key: "country_code",
    orderBy: [
      { column: "population", direction: "desc", type: "integer" },
      { column: "id", direction: "asc", type: "integer" },
    ],
  });
  const countryByCode = reads.oneByKey({ call: "countriesByCode", table: "country", key: "code" });
  const window = (first: number) => ({ window: { size: checkedFirst(first), backward: false } });
  return {
    countries: async (first) => (await countries.load(window(first))).rows,
    citiesOf: (countryCode, first) => citiesByCountry.load(countryCode, { first: checkedFirst(first) }),
    countryByCode: (code) => countryByCode.load(code),
  };
}

const maxFirst = 250;

function checkedFirst(first: number): number {
  if (first >= 0 && first <= maxFirst) return first;
  throw badUserInput(`first: expected a number from 0 to ${maxFirst}, got ${first}.`);
}

function pagesSchema(): GraphQLSchema {
  const builder = new SchemaBuilder<{ Context: PagesContext; DefaultFieldNullability: false }>({
    defaultFieldNullability: false,
  });
  const CityType = builder.objectRef<City>("City");
  const CountryType = builder.objectRef<Country>("Country").implement({
    fields: (t) => ({
      code: t.exposeString("code"),
      name: t.exposeString("name"),
      cities: t.field({
        type: [CityType],
        args: { first: t.arg.int({ required: true }) },
        resolve: ({ code }, { first }, { citiesOf }) => citiesOf(code, first),
      }),
    }),
  });
  CityType.implement({
    fields: (t) => ({
      id: t.exposeInt("id"),
      name: t.exposeString("name"),
      population: t.exposeInt("population"),
      country: t.field({
        type: CountryType,
        nullable: true,
        resolve: ({ country_code }, _args, { countryByCode }) => countryByCode(country_code),
      }),
    }),
  });
  builder.queryType({
    fields: (t) => ({
      countries: t.field({
        type: [CountryType],
        args: { first: t.arg.int({ required: true }) },
        resolve: (_root, { first }, { countries }) => countries(first),
      }),
    }),
  });
  return builder.toSchema({ directives: [...specifiedDirectives, GraphQLDeferDirective, GraphQLStreamDirective] });
}
