/**
 * The REST service of the benchmark: `/posts`, `/users`, `/users/1` and `/users?id=1&id=2`. `counted-server.ts` counts its
 * calls and simulates latency.
 *
 *     node bench/upstream/server.ts --port 0
 */
import { parseArgs } from "node:util";
import { type Body, type CountedServer, startCountedServer } from "./counted-server.ts";
import { makePosts, makeUsers } from "./data.ts";

/** Listens on 127.0.0.1; 0 for a free port. */
export function startUpstream(port = 0): Promise<CountedServer> {
  const posts = Buffer.from(JSON.stringify(makePosts()));
  const users = makeUsers();
  const cache = new Map<string, Body>();
  return startCountedServer(port, (target) => {
    if (target === "/posts") return posts;
    const body = cache.get(target) ?? findUsers(users, target);
    if (cache.size < 1000) cache.set(target, body);
    return body;
  });
}

function findUsers(users: ReturnType<typeof makeUsers>, target: string): Body {
  const { pathname, searchParams } = new URL(target, "http://upstream.example");
  const [, collection, id, ...rest] = pathname.split("/");
  if (collection !== "users" || rest.length > 0) return undefined;
  if (id !== undefined) {
    const user = users.find((row) => String(row.id) === id);
    return user && Buffer.from(JSON.stringify(user));
  }
  const ids = new Set(searchParams.getAll("id"));
  return Buffer.from(JSON.stringify(ids.size === 0 ? users : users.filter((row) => ids.has(String(row.id)))));
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { port: { type: "string", default: "0" } } });
  const { url } = await startUpstream(Number(values.port));
  console.log(`listening on ${url}`);
}
