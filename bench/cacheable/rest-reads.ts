import { pino } from "pino";
import { CallLog } from "tributary-graphql";
import { createRestReads, createUpstream, type RestReads, repeated } from "tributary-graphql/rest";
import { z } from "zod";
import { medianRatio } from "../statistics.ts";

const posts = z.array(z.object({ id: z.int(), userId: z.int(), title: z.string(), body: z.string() }));
const users = z.array(z.object({ id: z.int(), name: z.string(), email: z.string() }));

/** A read of one request. */
type Read = (reads: RestReads) => Promise<unknown>;

const restReads: readonly (readonly [title: string, Read])[] = [
  ["a list of 100 posts", (reads) => reads.get({ call: "posts", keys: 1, path: "/posts", body: posts })],
  [
    "10 users by key",
    (reads) => {
      const byId = reads.oneByKey({
        call: "usersById",
        path: "/users",
        keys: repeated("id"),
        body: users,
        keyOf: ({ id }) => id,
      });
      return Promise.all(Array.from({ length: 10 }, (_, index) => byId.load(index + 1)));
    },
  ],
];

const log = pino({ level: "silent" });

const readsPerRound = 3_200;
const rounds = 7;

/**
 * Measures the speedup by the HTTP cache for reads alone, without a GraphQL request: the CPU time of this process with
 * and without the cache, alternating. Returns rows of a table: read, number of concurrent requests, and speedup.
 */
export async function restReadRows(baseUrl: string): Promise<string[][]> {
  const cached = createUpstream({ name: "cached", baseUrl });
  const uncached = createUpstream({ name: "uncached", baseUrl, cacheBytes: 0 });
  const rows: string[][] = [];
  for (const [title, read] of restReads)
    for (const concurrency of [1, 64]) {
      const [withCache, without]: [number[], number[]] = [[], []];
      // The first round is a warm-up.
      for (let round = 0; round <= rounds; round++) {
        withCache[round] = await cpuTime(() => run(cached, read, concurrency));
        without[round] = await cpuTime(() => run(uncached, read, concurrency));
      }
      rows.push([title, String(concurrency), medianRatio(without.slice(1), withCache.slice(1)).toFixed(1)]);
    }
  await Promise.all([cached.close(), uncached.close()]);
  return rows;
}

async function run(upstream: ReturnType<typeof createUpstream>, read: Read, concurrency: number): Promise<void> {
  for (let done = 0; done < readsPerRound; done += concurrency)
    await Promise.all(Array.from({ length: concurrency }, () => read(createRestReads(upstream, newScope()))));
}

const newScope = () => ({
  calls: new CallLog(),
  signal: new AbortController().signal,
  log,
  headers: new Headers(),
});

async function cpuTime(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
