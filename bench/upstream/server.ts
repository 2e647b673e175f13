/**
 * The REST service that everybody in the benchmark reads, counting who asks how often.
 *
 *     node bench/upstream/server.ts --port 0
 *
 * `/posts`, `/users`, `/users/1` and `/users?id=1&id=2` answer. `/control/counts` gives how many calls came in since the
 * start; `/control/latency?ms=50` has every later answer wait so long.
 */
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";
import { makePosts, makeUsers } from "./data.ts";

/** Calls since the start. */
export interface UpstreamCounts {
  readonly posts: number;
  readonly users: number;
}

export interface UpstreamServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Listens on the loopback. Answers are texts that were made before, so that it costs the machine as little as it can. */
export async function startUpstream(port = 0): Promise<UpstreamServer> {
  const service = new Service();
  const server = createServer((request, response) => service.answer(request.url ?? "/", response));
  server.keepAliveTimeout = 0;
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

class Service {
  readonly #counts = { posts: 0, users: 0 };
  readonly #posts = Buffer.from(JSON.stringify(makePosts()));
  readonly #users = makeUsers();
  /** By the query that asks for them. */
  readonly #userLists = new Map<string, Buffer | undefined>();
  #latencyMs = 0;

  answer(target: string, response: ServerResponse): void {
    const body = target.startsWith("/control/") ? this.#control(target) : this.#find(target);
    if (this.#latencyMs === 0) send(response, body);
    else setTimeout(() => send(response, body), this.#latencyMs);
  }

  #find(target: string): Buffer | undefined {
    if (target === "/posts") {
      this.#counts.posts += 1;
      return this.#posts;
    }
    this.#counts.users += 1;
    const known = this.#userLists.get(target);
    if (known !== undefined) return known;
    const list = this.#findUsers(target);
    if (this.#userLists.size < 1000) this.#userLists.set(target, list);
    return list;
  }

  #findUsers(target: string): Buffer | undefined {
    const { pathname, searchParams } = new URL(target, "http://upstream.example");
    const [, collection, id, ...rest] = pathname.split("/");
    if (collection !== "users" || rest.length > 0) return undefined;
    if (id !== undefined) {
      const user = this.#users.find((row) => String(row.id) === id);
      return user && Buffer.from(JSON.stringify(user));
    }
    const ids = new Set(searchParams.getAll("id"));
    const rows = ids.size === 0 ? this.#users : this.#users.filter((row) => ids.has(String(row.id)));
    return Buffer.from(JSON.stringify(rows));
  }

  #control(target: string): Buffer {
    const { pathname, searchParams } = new URL(target, "http://upstream.example");
    if (pathname === "/control/latency") this.#latencyMs = Number(searchParams.get("ms"));
    return Buffer.from(JSON.stringify(this.#counts));
  }
}

function send(response: ServerResponse, body: Buffer | undefined): void {
  if (body === undefined)
    response.writeHead(404, { "content-type": "application/json", "content-length": 2 }).end("{}");
  else response.writeHead(200, { "content-type": "application/json", "content-length": body.length }).end(body);
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { port: { type: "string", default: "0" } } });
  const { url } = await startUpstream(Number(values.port));
  console.log(`listening on ${url}`);
}
