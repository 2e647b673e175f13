/**
 * The pages by hand, as the limit: `node:http` and pg with the three statements of the other servers. `--mode two` omits
 * the third one, because the country of a city is the country that it was read for.
 */
import { serveByHand } from "./support/hand-server.js";
import { connectDatabase } from "./support/pages-graph.js";
import { countries, countriesByCode, largestCities } from "./support/pages-statements.js";
import { peerOptions } from "./support/peer.js";

const { database, port, mode } = peerOptions();
const pool = connectDatabase(database);

async function respond() {
  const { rows } = await pool.query({ ...countries, values: [50] });
  const { rows: cities } = await pool.query({ ...largestCities, values: [rows.map(({ code }) => code), 5] });
  const cityCountries = mode === "two" ? rows : await countriesOf(cities);
  const nameByCode = new Map(cityCountries.map(({ code, name }) => [code, name]));
  const citiesByCode = new Map(rows.map(({ code }) => [code, []]));
  for (const { country_code, name, population } of cities) {
    citiesByCode.get(country_code).push({ name, population, country: { name: nameByCode.get(country_code) } });
  }
  const pages = rows.map(({ code, name }) => ({ name, cities: citiesByCode.get(code) }));
  return JSON.stringify({ data: { countries: pages } });
}

async function countriesOf(cities) {
  const codes = [...new Set(cities.map(({ country_code }) => country_code))];
  const { rows } = await pool.query({ ...countriesByCode, values: [codes] });
  return rows;
}

serveByHand(port, respond);
