import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { largeQueries, ordinaryQueries } from "../bench/soak/queries.ts";
import { useAtlasUrl } from "./support/databases.ts";
import { addressIn, isRunning, runServer } from "./support/server-process.ts";

const databaseUrl = useAtlasUrl("sqlite");

const post = async (url: string, query: string, accept = "application/json") => {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", accept },
    body: JSON.stringify({ query }),
  });
  return { status: response.status, text: await response.text() };
};

test.each([["1"], ["2"]])(
  "queries whose lists multiply stop neither the process nor others' queries (WORKERS=%s)",
  async (workers) => {
    const atlas = runServer("server.ts", {
      DATABASE_URL: databaseUrl(),
      WORKERS: workers,
      NODE_OPTIONS: "--max-old-space-size=400",
      REQUEST_TIMEOUT_MS: "5000",
      SUN_LATENCY_MS: "5",
    });
    const url = addressIn(await atlas.line("listening on "));
    let isOver = false;
    let answered = 0;
    const others = (async () => {
      for (let number = 0; !isOver; number++) {
        const query = ordinaryQueries[number % ordinaryQueries.length] ?? "";
        const { status } = await post(url, `query Q${number} ${query}`);
        if (status === 200) answered++;
        await delay(5);
      }
    })();
    for (const [name, query] of Object.entries(largeQueries)) {
      const { status, text } = await post(url, query, query.includes("@") ? "multipart/mixed" : undefined);
      expect([name, status], text.slice(0, 300)).toEqual([name, 200]);
      if (name === "borders six deep") expect(text).toMatch(/LIMIT_EXCEEDED|DEADLINE_EXCEEDED/);
    }
    isOver = true;
    await others;
    expect(answered).toBeGreaterThan(Object.keys(largeQueries).length);
    expect(isRunning(atlas.pid)).toBe(true);
    expect(atlas.text()).not.toMatch(/heap out of memory|"level":60/);
  },
  120_000,
);
