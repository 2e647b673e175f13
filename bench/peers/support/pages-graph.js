import DataLoader from "dataloader";
import pg from "pg";
import { countriesByCode, countries as firstCountries, largestCities } from "./pages-statements.js";

export const typeDefs = /* GraphQL */ `
  type Query {
    countries(first: Int!): [Country!]!
  }
  type Country {
    code: String!
    name: String!
    cities(first: Int!): [City!]!
  }
  type City {
    id: Int!
    name: String!
    population: Int!
    country: Country
  }
`;

export const connectDatabase = (url) => new pg.Pool({ connectionString: url, max: 10 });

/** Created per request: a loader for countries, and one per number of cities. */
export function createContext(pool) {
  const citiesLoaders = new Map();
  return {
    pool,
    countryByCode: new DataLoader(async (codes) => {
      const { rows } = await pool.query({ ...countriesByCode, values: [codes] });
      const byCode = new Map(rows.map((row) => [row.code, row]));
      return codes.map((code) => byCode.get(code) ?? null);
    }),
    citiesOf(first) {
      const loader = citiesLoaders.get(first) ?? new DataLoader((codes) => findCities(pool, codes, first));
      citiesLoaders.set(first, loader);
      return loader;
    },
  };
}

async function findCities(pool, codes, first) {
  const { rows } = await pool.query({ ...largestCities, values: [codes, first] });
  const byCode = Map.groupBy(rows, ({ country_code }) => country_code);
  return codes.map((code) => byCode.get(code) ?? []);
}

export const resolvers = {
  Query: {
    countries: async (_root, { first }, { pool }) => (await pool.query({ ...firstCountries, values: [first] })).rows,
  },
  Country: { cities: ({ code }, { first }, { citiesOf }) => citiesOf(first).load(code) },
  City: { country: ({ country_code }, _args, { countryByCode }) => countryByCode.load(country_code) },
};
