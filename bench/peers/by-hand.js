/**
 * The limit: `node:http` and undici with the look-ups that everybody makes, each query answered by code of its own. The
 * users are asked for once all posts are there, in one call.
 */
import { serveByHand } from "./support/hand-server.js";
import { peerOptions } from "./support/peer.js";
import { connectService, usersPath } from "./support/service.js";

const { upstream, port, mode } = peerOptions();
const get = connectService(upstream);

const answers = {
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

const answer = answers[mode];
if (answer === undefined) throw new Error(`--mode: expected ${Object.keys(answers).join(", ")}, got ${mode}.`);
serveByHand(port, async () => JSON.stringify({ data: await answer() }));
