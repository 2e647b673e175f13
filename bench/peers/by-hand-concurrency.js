/**
 * Two pages by hand with three strategies (`--mode posts:one-by-one`): sequential calls (`one-by-one`), parallel calls
 * without batches (`parallel`), and parallel calls with batches (`batch`).
 */
import { countryPage } from "./country-page.js";
import { serveByHand } from "./support/hand-server.js";
import { peerOptions } from "./support/peer.js";
import { connectService, usersPath } from "./support/service.js";

const { upstream, port, mode } = peerOptions();
// Enough connections for the parallel calls of 64 clients.
const get = connectService(upstream, 1024);
const [page, strategy] = mode.split(":");

/** Reads the rows of several keys. */
const readAll = {
  "one-by-one": async (paths) => {
    const rows = [];
    for (const path of paths) rows.push(await get(path));
    return rows.flat();
  },
  parallel: async (paths) => (await Promise.all(paths.map(get))).flat(),
  batch: async (_paths, batchPath) => get(batchPath),
}[strategy];

const latestPath = "/rates-api/latest";
const countriesPath = (parameter, codes) =>
  `/countries-api/countries?${codes.map((code) => `${parameter}=${code}`).join("&")}`;

const pages = {
  posts: async () => {
    const posts = await get("/posts");
    const ids = [...new Set(posts.map(({ userId }) => userId))];
    const each = ids.map((id) => `/users/${id}`);
    const users = await readAll(each, usersPath(ids));
    const userById = new Map(users.map(({ id, name, email }) => [id, { id, name, email }]));
    return {
      posts: posts.map(({ id, userId, title }) => ({ id, userId, title, user: userById.get(userId) ?? null })),
    };
  },
  country: async () => {
    const [country] = await get(countriesPath("cca2", ["DE"]));
    const each = country.borders.map((code) => countriesPath("cca3", [code]));
    const neighbors = () => readAll(each, countriesPath("cca3", country.borders));
    const [rows, latest] =
      strategy === "one-by-one"
        ? [await neighbors(), await get(latestPath)]
        : await Promise.all([neighbors(), get(latestPath)]);
    const byCode = new Map(rows.map((row) => [row.cca3, row]));
    return countryPage(
      country,
      country.borders.map((code) => byCode.get(code)),
      latest,
    );
  },
};

serveByHand(port, async () => JSON.stringify({ data: await pages[page]() }));
