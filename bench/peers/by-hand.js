/**
 * The queries by hand, as the limit: `node:http` and undici with the calls of the other servers and code for each query.
 * The users are read with one call after the posts.
 */
import { serveByHand } from "./support/hand-server.js";
import { peerOptions } from "./support/peer.js";
import { connectService, usersPath } from "./support/service.js";

const { upstream, port, mode } = peerOptions();
const get = connectService(upstream);

const resultOf = {
  greet: () => ({ greet: "Hello World!" }),
  titles: async () => ({ posts: (await get("/posts")).map(({ title }) => ({ title })) }),
  posts: async () => {
    const posts = await get("/posts");
    const ids = [...new Set(posts.map(({ userId }) => userId))];
    const users = await get(usersPath(ids));
    const userById = new Map(users.map(({ id, name, email }) => [id, { id, name, email }]));
    return {
      posts: posts.map(({ id, userId, title }) => ({ id, userId, title, user: userById.get(userId) ?? null })),
    };
  },
};

const result = resultOf[mode];
if (result === undefined) throw new Error(`--mode: expected ${Object.keys(resultOf).join(", ")}, got ${mode}.`);
serveByHand(port, async () => JSON.stringify({ data: await result() }));
