import { pino } from "pino";
import { CallLog } from "tributary-graphql";
import { createRestReads, createUpstream, type RestReads, repeated } from "tributary-graphql/rest";
import { z } from "zod";
import { medianRatio } from "../statistics.ts";

const posts = z.array(z.object({ id: z.int(), userId: z.int(), title: z.string(), body: z.string() }));
const users = z.array(z.object({ id: z.int(), name: z.string(), email: z.string() }));

/** One look-up of one request. */
type LookUp = (reads: RestReads) => Promise<unknown>;

const lookUps: readonly (readonly [title: string, LookUp])[] = [
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

const lookUpsARound = 3_200;
const rounds = 7;

/**
 * The gain of the HTTP cache for a read alone, without HTTP to a client and without an execution: the CPU time of this
 * process, with the cache and without it in turns. Rows of a table: what is looked up, by how many requests at once, and
 * how many times faster it is.
 */
export async function lookUpRows(baseUrl: string): Promise<string[][]> {
  const cached = createUpstream({ name: "cached", baseUrl });
  const uncached = createUpstream({ name: "uncached", baseUrl, cacheBytes: 0 });
  const rows: string[][] = [];
  for (const [title, lookUp] of lookUps)
    for (const atOnce of [1, 64]) {
      const [withCache, without]: [number[], number[]] = [[], []];
      // The first round warms up.
      for (let round = 0; round <= rounds; round++) {
        withCache[round] = await cpuTime(() => run(cached, lookUp, atOnce));
        without[round] = await cpuTime(() => run(uncached, lookUp, atOnce));
      }
      rows.push([title, String(atOnce), medianRatio(without.slice(1), withCache.slice(1)).toFixed(1)]);
    }
  await Promise.all([cached.close(), uncached.close()]);
  return rows;
}

async function run(upstream: ReturnType<typeof createUpstream>, lookUp: LookUp, atOnce: number): Promise<void> {
  for (let done = 0; done < lookUpsARound; done += atOnce)
    await Promise.all(Array.from({ length: atOnce }, () => lookUp(createRestReads(upstream, newScope()))));
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
