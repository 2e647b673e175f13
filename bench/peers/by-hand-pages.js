/**
 * The limit for the pages: `node:http` and pg with the three statements that everybody's look-ups come to, or with the two
 * that are enough for somebody who knows that a city's country is the one that it was found through (`--mode two`).
 */
import { serveByHand } from "./support/hand-server.js";
import { connectDatabase } from "./support/pages-graph.js";
import { countries, countriesByCode, largestCities } from "./support/pages-statements.js";
import { peerOptions } from "./support/peer.js";

const { database, port, mode } = peerOptions();
const pool = connectDatabase(database);

async function answer() {
  const { rows } = await pool.query({ ...countries, values: [50] });
  const { rows: cities } = await pool.query({ ...largestCities, values: [rows.map(({ code }) => code), 5] });
  const known = mode === "two" ? rows : await countriesOf(cities);
  const nameByCode = new Map(known.map(({ code, name }) => [code, name]));
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

serveByHand(port, answer);
