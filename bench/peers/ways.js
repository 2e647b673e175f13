/**
 * The same two pages by hand in three ways (`--mode posts:one-by-one`): look-ups one after the other, side by side without
 * batches (`parallel`), and side by side in batches (`batch`).
 */
import { countryPage } from "./country-page.js";
import { serveByHand } from "./support/hand-server.js";
import { peerOptions } from "./support/peer.js";
import { connectService, usersPath } from "./support/service.js";

const { upstream, port, mode } = peerOptions();
// As many as 64 clients ask for at once, so that nobody waits for a connection.
const get = connectService(upstream, 1024);
const [page, way] = mode.split(":");

/** What a list of keys is looked up with. */
const lookUp = {
  "one-by-one": async (paths) => {
    const rows = [];
    for (const path of paths) rows.push(await get(path));
    return rows.flat();
  },
  parallel: async (paths) => (await Promise.all(paths.map(get))).flat(),
  batch: async (_paths, batchPath) => get(batchPath),
}[way];

const latestPath = "/rates-api/latest";
const countriesPath = (parameter, codes) =>
  `/countries-api/countries?${codes.map((code) => `${parameter}=${code}`).join("&")}`;

const pages = {
  posts: async () => {
    const posts = await get("/posts");
    const ids = [...new Set(posts.map(({ userId }) => userId))];
    const each = ids.map((id) => `/users/${id}`);
    const users = await lookUp(each, usersPath(ids));
    const userById = new Map(users.map(({ id, name, email }) => [id, { id, name, email }]));
    return {
      posts: posts.map(({ id, userId, title }) => ({ id, userId, title, user: userById.get(userId) ?? null })),
    };
  },
  country: async () => {
    const [country] = await get(countriesPath("cca2", ["DE"]));
    const each = country.borders.map((code) => countriesPath("cca3", [code]));
    const neighbors = () => lookUp(each, countriesPath("cca3", country.borders));
    const [rows, latest] =
      way === "one-by-one"
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
