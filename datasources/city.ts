import DataLoader from "dataloader";
import { type Expression, type ExpressionBuilder, type SqlBool, sql } from "kysely";
import { oneFor } from "./align.ts";
import { type Connection, type ConnectionArguments, connection, type ListIdentity, type Window } from "./connection.ts";
import type { AtlasDatabase, CityTable } from "./database.ts";
import { loaderByArguments } from "./loader-by-arguments.ts";
import { nameKey } from "./name-key.ts";
import { countByParent, countRows } from "./sql/count.ts";
import { keyTable } from "./sql/key-table.ts";
import type { Database } from "./sql/open.ts";
import type { Order } from "./sql/order.ts";
import { findPage, findPageByParent } from "./sql/page.ts";
import { type ReadScope, read } from "./sql/read.ts";

declare const cityId: unique symbol;
/** A GeoNames id. */
export type CityId = number & { readonly [cityId]: true };

export interface City {
  readonly kind: "city";
  readonly id: CityId;
  readonly name: string;
  /** 0 where the source knows none. */
  readonly population: number;
  readonly latitude: number;
  readonly longitude: number;
  /** IANA name. */
  readonly timeZone: string;
  /** Alpha-2. */
  readonly countryCode: string;
}

export interface CityFilter {
  /** Case and accents do not count; blank text filters nothing. */
  readonly nameStartsWith?: string | null;
  readonly populationMin?: number | null;
  readonly populationMax?: number | null;
}

/** Every order ends with the id, so that no two cities tie and a page never repeats or skips one. */
const orders = {
  POPULATION_DESC: [
    { column: "population", direction: "desc" },
    { column: "id", direction: "asc" },
  ],
  POPULATION_ASC: [
    { column: "population", direction: "asc" },
    { column: "id", direction: "desc" },
  ],
  NAME_ASC: [
    { column: "name_key", direction: "asc" },
    { column: "id", direction: "asc" },
  ],
  NAME_DESC: [
    { column: "name_key", direction: "desc" },
    { column: "id", direction: "desc" },
  ],
} as const satisfies Record<string, Order<keyof CityTable>>;

export type CityOrder = keyof typeof orders;

const orderTypes = {
  POPULATION_DESC: ["number", "number"],
  POPULATION_ASC: ["number", "number"],
  NAME_ASC: ["string", "number"],
  NAME_DESC: ["string", "number"],
} as const satisfies Record<CityOrder, ListIdentity["orderTypes"]>;

/** Which cities, in which order; `countryCode` for those of one country. */
export interface CityList {
  readonly countryCode?: string;
  readonly filter: CityFilter;
  readonly order: CityOrder;
}

export interface CityReads {
  byId(id: CityId): Promise<City | null>;
  /** The capital of this name, spelled alike or not; see `chooseCapital`. */
  capital(countryCode: string, name: string): Promise<City | null>;
  list(arguments_: ConnectionArguments, list: CityList): Connection<City>;
}

export const maxCitiesPerPage = 100;

/** Ids in one statement; more are asked for in a second one beside it. */
const maxIdsPerCall = 1000;

export function createCities(database: Database<AtlasDatabase>, scope: ReadScope): CityReads {
  const byId = new DataLoader<CityId, City | null>(
    async (ids) => {
      const query = database.db.selectFrom("city").selectAll().where("id", "in", ids);
      const rows = await read(database, scope, "citiesById", ids.length, query);
      return oneFor(ids, rows.map(toCity), ({ id }) => id);
    },
    { maxBatchSize: maxIdsPerCall },
  );
  const capitals = new DataLoader<CapitalKey, City | null, string>(
    async (keys) => {
      const rows = await findCapitals(database, scope, keys);
      return keys.map((key) => chooseCapital(key, rows));
    },
    { cacheKeyFn: ({ countryCode, nameKey }) => `${countryCode}:${nameKey}` },
  );
  const pages = loaderByArguments((page: CityPage, codes: readonly string[]) => {
    const cities = { ...source(page), parent: "country_code", id: "id" } as const;
    return findPageByParent(database, scope, "citiesByCountry", cities, page.window, codes);
  });
  const counts = loaderByArguments((filter: CityFilter, codes: readonly string[]) => {
    const cities = { table: "city", parent: "country_code", where: matches(filter) } as const;
    return countByParent(database, scope, "countCitiesByCountry", cities, codes);
  });

  return {
    byId: (id) => byId.load(id),
    capital: (countryCode, name) => capitals.load({ countryCode, nameKey: nameKey(name) }),
    list: (arguments_, { countryCode, order, ...list }) => {
      const filter = normalized(list.filter);
      const madeFor = JSON.stringify(["cities", countryCode, filter, order]);
      return connection(
        arguments_,
        { madeFor, orderTypes: orderTypes[order], maxPageSize: maxCitiesPerPage },
        {
          page: async (window) => {
            const { rows, hasMore } = await (countryCode === undefined
              ? findPage(database, scope, "cities", source({ filter, order }), window)
              : pages({ window, filter, order }).load(countryCode));
            return { items: rows.map(toCity), hasMore };
          },
          totalCount: () =>
            countryCode === undefined
              ? countRows(database, scope, "countCities", { table: "city", where: matches(filter) })
              : counts(filter).load(countryCode),
          orderValues: (city) => orderValues(city, order),
        },
      );
    },
  };
}

/** One spelling of each filter: an explicit null is no condition, and case and accents of a prefix do not count. */
const normalized = ({ nameStartsWith, populationMin, populationMax }: CityFilter): CityFilter => ({
  nameStartsWith: nameKey(nameStartsWith ?? "") || null,
  populationMin: populationMin ?? null,
  populationMax: populationMax ?? null,
});

interface CityPage {
  readonly window: Window;
  readonly filter: CityFilter;
  readonly order: CityOrder;
}

const source = ({ filter, order }: Pick<CityPage, "filter" | "order">) =>
  ({ table: "city", orderBy: orders[order], where: matches(filter) }) as const;

/** The conditions of a normalized filter; a prefix is a range over the indexed key. */
const matches =
  ({ nameStartsWith, populationMin, populationMax }: CityFilter) =>
  (builder: ExpressionBuilder<AtlasDatabase, "city">): Expression<SqlBool> => {
    return builder.and([
      ...(nameStartsWith == null ? [] : startsWith(builder, nameStartsWith)),
      ...(populationMin == null ? [] : [builder("population", ">=", populationMin)]),
      ...(populationMax == null ? [] : [builder("population", "<=", populationMax)]),
    ]);
  };

const startsWith = (builder: ExpressionBuilder<AtlasDatabase, "city">, prefix: string) => [
  builder("name_key", ">=", prefix),
  builder("name_key", "<", `${prefix}\u{10FFFF}`),
];

const orderValues = (city: City, order: CityOrder): readonly (string | number)[] => {
  switch (order) {
    case "POPULATION_DESC":
    case "POPULATION_ASC":
      return [city.population, city.id];
    case "NAME_ASC":
    case "NAME_DESC":
      return [nameKey(city.name), city.id];
    default:
      return order satisfies never;
  }
};

interface CapitalKey {
  readonly countryCode: string;
  readonly nameKey: string;
}

/** The cities of that name in that country, and those that the database knows as capitals: two index look-ups a key. */
function findCapitals(database: Database<AtlasDatabase>, scope: ReadScope, keys: readonly CapitalKey[]) {
  const wanted = keyTable(
    database,
    { country: "text", name: "text" },
    keys.map((key) => ({ country: key.countryCode, name: key.nameKey })),
    "wanted",
  );
  const query = sql<CityTable>`
    select city.* from ${wanted} join city on city.country_code = wanted.country and city.name_key = wanted.name
    union
    select city.* from ${wanted} join city on city.country_code = wanted.country and city.feature_code = 'PPLC'`;
  return read(database, scope, "capitals", keys.length, query);
}

/**
 * Which city is meant by a capital's name: the one of that name that the database has as capital; else an inhabited one
 * of that name, the largest (Jerusalem, which the database has as a regional seat); else the database's capital,
 * spelled otherwise (Astana and Nur-Sultan).
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

const toCity = (row: CityTable): City => ({
  kind: "city",
  id: row.id as CityId,
  name: row.name,
  population: row.population,
  latitude: row.latitude,
  longitude: row.longitude,
  timeZone: row.time_zone,
  countryCode: row.country_code,
});
