import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { HttpContender } from "../http/contender.ts";
import { ours } from "../http/gateway-contender.ts";
import { measureWorkload } from "../http/measure-workload.ts";
import { nodePeer } from "../http/node-contender.ts";
import { workload } from "../http/workloads.ts";
import { type LoadProcess, startLoad } from "../processes/load-process.ts";
import type { CountedServer } from "../upstream/counted-server.ts";
import { startUpstream } from "../upstream/server.ts";

let upstream: CountedServer;
let load: LoadProcess;
beforeAll(async () => {
  upstream = await startUpstream();
  load = startLoad(undefined);
});
afterAll(async () => {
  load.stop();
  await upstream.close();
});

const measure = (contenders: readonly HttpContender[]) =>
  measureWorkload(workload("posts"), contenders, {
    sources: { upstream: upstream.url, database: undefined },
    load,
    serverCores: undefined,
    allCores: undefined,
    rounds: 2,
    roundMs: 50,
    warmUpMs: 50,
    connections: 4,
    log: () => undefined,
  });

const byHand = nodePeer("by-hand", "by hand", "by-hand.js", "posts");

test("measureWorkload measures contenders with equal results in rounds, and counts their calls", async () => {
  const { contenders } = await measure([byHand, ours("posts")]);
  expect(contenders.map(({ name, rounds, missing }) => [name, rounds.length, missing])).toEqual([
    ["by-hand", 2, undefined],
    ["ours", 2, undefined],
  ]);
  for (const { rounds, residentBytes } of contenders) {
    for (const { requestsPerSecond } of rounds) expect(requestsPerSecond).toBeGreaterThan(0);
    if (process.platform === "linux") expect(residentBytes).toBeGreaterThan(0);
  }
  const [first, second] = contenders.map(({ rounds }) => rounds.map(({ upstreamCalls }) => upstreamCalls));
  expect(first).toEqual([2, 2]);
  for (const calls of second ?? []) expect(calls).toBeLessThanOrEqual(2);
});

test("measureWorkload returns the reason for a contender with another result, an unavailable one and one that exits", async () => {
  const different = { ...byHand, ...nodePeer("titles", "titles", "by-hand.js", "titles") };
  const absent: HttpContender = {
    name: "absent",
    title: "absent",
    prepare: async () => {
      throw new Error("needs a missing package");
    },
  };
  const broken: HttpContender = {
    name: "broken",
    title: "broken",
    prepare: async () => ({ command: [process.execPath, fileURLToPath(import.meta.resolve("./no-such-server.js"))] }),
  };
  const { contenders } = await measure([byHand, different, absent, broken]);
  const reasons = Object.fromEntries(contenders.map(({ name, missing }) => [name, missing]));
  expect(reasons).toEqual({
    "by-hand": undefined,
    titles: expect.stringMatching(/^has another result: data\.posts\.0\.id: expected 1, got nothing/),
    absent: "needs a missing package",
    broken: expect.stringMatching(/^exited: .*no-such-server\.js/),
  });
});

test("measureWorkload excludes a contender that fails under load, and measures the others", async () => {
  // Responds to the 64 bodies of the comparison, then with errors.
  const failing = `
    const { createServer } = require("node:http");
    let requests = 0;
    const server = createServer(async (request, response) => {
      requests += 1;
      const posts = await (await fetch("UPSTREAM/posts")).json();
      const users = await (await fetch("UPSTREAM/users")).json();
      const data = { posts: posts.map(({ id, userId, title }) => {
        const { name, email } = users[userId - 1];
        return { id, userId, title, user: { id: userId, name, email } };
      }) };
      response.writeHead(requests > 64 ? 500 : 200).end(JSON.stringify({ data }));
    });
    server.listen(0, "127.0.0.1", () => console.log("listening on http://127.0.0.1:" + server.address().port));`;
  const contender: HttpContender = {
    name: "failing",
    title: "failing",
    prepare: async (sources) => ({
      command: [process.execPath, "-e", failing.replaceAll("UPSTREAM", sources.upstream)],
    }),
  };
  const { contenders } = await measure([byHand, contender]);
  expect(contenders.map(({ name, rounds, missing }) => [name, rounds.length, missing])).toEqual([
    ["by-hand", 2, undefined],
    ["failing", 0, expect.stringMatching(/^has other responses under load: \{"500 with/)],
  ]);
});

test("measureWorkload throws if the gateway has another result", async () => {
  const different = { ...nodePeer("titles", "titles", "by-hand.js", "titles"), name: "ours", title: "Tributary" };
  await expect(measure([byHand, different])).rejects.toThrow("Tributary: has another result");
});
