import { type Expression, type ExpressionBuilder, type SqlBool, sql } from "kysely";
import type { OrderOf } from "tributary-graphql/relay";
import { type Connection, type ConnectionArguments, connection } from "tributary-graphql/relay";
import type { Reads } from "tributary-graphql/sql";
import { keyTable, mapRows } from "tributary-graphql/sql";
import type { AtlasDatabase, CityTable } from "./database.ts";
import { nameKey } from "./name-key.ts";

declare const cityId: unique symbol;
/** Id of GeoNames. */
export type CityId = number & { readonly [cityId]: true };

export interface City {
  readonly kind: "city";
  readonly id: CityId;
  readonly name: string;
  /** 0 if unknown. */
  readonly population: number;
  readonly latitude: number;
  readonly longitude: number;
  /** IANA name. */
  readonly timeZone: string;
  /** Alpha-2. */
  readonly countryCode: string;
}

/** The properties of a city to read; undefined for all. The others must not be used. */
export type CityProperties = readonly (keyof City)[] | undefined;

export interface CityFilter {
  /** Case and accents are ignored; blank text is no condition. */
  readonly nameStartsWith?: string | null;
  readonly populationMin?: number | null;
  readonly populationMax?: number | null;
}

/** Every order ends with the unique id, so that keyset pagination neither repeats nor skips a city. */
const orders = {
  POPULATION_DESC: [
    { column: "population", direction: "desc", type: "integer" },
    { column: "id", direction: "asc", type: "integer" },
  ],
  POPULATION_ASC: [
    { column: "population", direction: "asc", type: "integer" },
    { column: "id", direction: "desc", type: "integer" },
  ],
  NAME_ASC: [
    { column: "name_key", direction: "asc", type: "text" },
    { column: "id", direction: "asc", type: "integer" },
  ],
  NAME_DESC: [
    { column: "name_key", direction: "desc", type: "text" },
    { column: "id", direction: "desc", type: "integer" },
  ],
} as const satisfies Record<string, OrderOf<CityTable>>;

export type CityOrder = keyof typeof orders;

/** A filtered and ordered list of cities: of one country with `countryCode`, else of all. */
export interface CityList {
  readonly countryCode?: string;
  readonly filter: CityFilter;
  readonly order: CityOrder;
}

export interface CityReads {
  byId(id: CityId, properties?: CityProperties): Promise<City | null>;
  /** The capital of a country; `name` selects among several, see `chooseCapital`. */
  capital(countryCode: string, name: string): Promise<City | null>;
  list(arguments_: ConnectionArguments, list: CityList, properties?: CityProperties): Connection<City>;
}

export const maxCitiesPerPage = 100;

const { columnsOf, toItem: toCity } = mapRows<CityTable, City>("city", {
  id: "id",
  name: "name",
  population: "population",
  latitude: "latitude",
  longitude: "longitude",
  timeZone: "time_zone",
  countryCode: "country_code",
});

export function createCities(reads: Reads<AtlasDatabase>): CityReads {
  const table = "city";
  const ofCountry = { table, parent: "country_code", id: "id", where: matches } as const;
  const orderBy = ({ order }: Pick<CityList, "order" | "filter">) => orders[order];
  const byId = reads.oneByKey({ call: "citiesById", table, key: "id" });
  const pages = reads.page({ call: "cities", table, orderBy, where: matches });
  const count = reads.count({ call: "countCities", table, where: matches });
  const pagesOfCountry = reads.pageByParent({ call: "citiesByCountry", ...ofCountry, orderBy });
  const countOfCountry = reads.countByParent({ call: "countCitiesByCountry", ...ofCountry });
  const capitals = reads.loader([table], (keys: readonly CapitalKey[]) => findCapitals(reads, keys), {
    cacheKeyFn: ({ countryCode, nameKey }) => `${countryCode}:${nameKey}`,
  });

  return {
    byId: async (id, properties) => {
      const row = await byId.load(id, { columns: columnsOf(properties) });
      return row && toCity(row);
    },
    capital: (countryCode, name) => capitals.load({ countryCode, nameKey: nameKey(name) }),
    list: (arguments_, { countryCode, order, ...list }, properties) => {
      const filter = normalized(list.filter);
      const options = { arguments: { filter, order } };
      const columns = columnsOf(properties);
      const identity = {
        madeFor: JSON.stringify(["cities", countryCode, filter, order]),
        orderBy: orders[order],
        maxPageSize: maxCitiesPerPage,
      };
      return connection(arguments_, identity, {
        page: (window) =>
          countryCode === undefined
            ? pages.load({ ...options, window, columns })
            : pagesOfCountry.load(countryCode, { ...options, window, columns }),
        totalCount: () =>
          countryCode === undefined
            ? count.load({ arguments: { filter } })
            : countOfCountry.load(countryCode, { arguments: { filter } }),
        toItem: toCity,
      });
    },
  };
}

/** Equivalent filters become equal, so that they share a batch and a cursor. */
const normalized = ({ nameStartsWith, populationMin, populationMax }: CityFilter): CityFilter => ({
  nameStartsWith: nameKey(nameStartsWith ?? "") || null,
  populationMin: populationMin ?? null,
  populationMax: populationMax ?? null,
});

/** The conditions of a normalized filter; a prefix is a range of the index on `name_key`. */
function matches(
  builder: ExpressionBuilder<AtlasDatabase, "city">,
  { filter: { nameStartsWith, populationMin, populationMax } }: Pick<CityList, "filter">,
): Expression<SqlBool> | undefined {
  const conditions = [
    ...(nameStartsWith == null ? [] : startsWith(builder, nameStartsWith)),
    ...(populationMin == null ? [] : [builder("population", ">=", populationMin)]),
    ...(populationMax == null ? [] : [builder("population", "<=", populationMax)]),
  ];
  return conditions.length === 0 ? undefined : builder.and(conditions);
}

const startsWith = (builder: ExpressionBuilder<AtlasDatabase, "city">, prefix: string) => [
  builder("name_key", ">=", prefix),
  builder("name_key", "<", `${prefix}\u{10FFFF}`),
];

interface CapitalKey {
  readonly countryCode: string;
  readonly nameKey: string;
}

/** The candidates for `chooseCapital`, by two index lookups per key: cities with that name, and cities marked as capitals. */
async function findCapitals(reads: Reads<AtlasDatabase>, keys: readonly CapitalKey[]): Promise<(City | null)[]> {
  const wanted = keyTable(
    reads.database,
    { country: "text", name: "text" },
    keys.map((key) => ({ country: key.countryCode, name: key.nameKey })),
    "wanted",
  );
  const query = sql<CityTable>`
    select city.* from ${wanted} join city on city.country_code = wanted.country and city.name_key = wanted.name
    union
    select city.* from ${wanted} join city on city.country_code = wanted.country and city.feature_code = 'PPLC'`;
  const rows = await reads.query("capitals", keys.length, query);
  return keys.map((key) => chooseCapital(key, rows));
}

/**
 * The countries service names a capital, and the database marks one; they differ in some countries. In order of
 * preference: a city with that name that is marked as capital; the largest inhabited city with that name (Jerusalem,
 * which the database marks as a regional seat); the city marked as capital (Astana, named Nur-Sultan).
 */
function chooseCapital({ countryCode, nameKey }: CapitalKey, rows: readonly CityTable[]): City | null {
  const ranked = rows
    .filter((row) => row.country_code === countryCode)
    .map((row) => ({ row, rank: capitalRank(row, nameKey) }))
    .sort((a, b) => a.rank - b.rank || b.row.population - a.row.population || a.row.id - b.row.id);
  const best = ranked[0];
  return best === undefined ? null : toCity(best.row);
}

function capitalRank(row: CityTable, key: string): number {
  const isNamed = row.name_key === key;
  const isCapital = row.feature_code === "PPLC";
  if (isNamed && isCapital) return 0;
  if (isNamed && row.population > 0) return 1;
  return isCapital ? 2 : 3;
}
