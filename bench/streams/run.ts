import { fileURLToPath } from "node:url";
import type { Options } from "../options.ts";
import { findCores } from "../processes/cores.ts";
import { startServer } from "../processes/server-process.ts";
import { describeMachine, markdownTable } from "../report.ts";
import { median } from "../statistics.ts";

const server = fileURLToPath(new URL("../server.ts", import.meta.url));
const databaseFile = fileURLToPath(new URL("../../.data/bench-atlas.sqlite", import.meta.url));

const sunLatencyMs = 300;

const forms = {
  "without `@defer`": '{ country(code: "NO") { name capital { name sun { dayLengthMinutes } } borders { name } } }',
  "the sun deferred":
    '{ country(code: "NO") { name capital { name ... @defer { sun { dayLengthMinutes } } } borders { name } } }',
  "the suns of ten cities deferred":
    '{ country(code: "NO") { name cities(first: 10) { nodes { name ... @defer { sun { dayLengthMinutes } } } } borders { name } } }',
} as const;

/** When the first payload of a page with a slow part is there, and when the last. */
export async function runStreams(options: Options): Promise<string> {
  const cores = findCores();
  const atlas = await startServer({
    command: [process.execPath, server, "--graph", "atlas", "--database", `sqlite:${databaseFile}`],
    environment: { SUN_LATENCY_MS: String(sunLatencyMs) },
    cores: cores && [cores.server],
  });
  try {
    const rows: string[][] = [];
    for (const [title, query] of Object.entries(forms)) {
      const times: PayloadTimes[] = [];
      for (let sample = 0; sample < (options.quick ? 3 : 15); sample += 1)
        times.push(await timePayloads(atlas.url, query));
      const middle = (key: keyof PayloadTimes) => median(times.map((one) => one[key])).toFixed(1);
      rows.push([title, middle("firstMs"), middle("lastMs")]);
    }
    return `## A slow part deferred

${describeMachine()}. Atlas' page of a country, one client. The service that knows the sun takes ${sunLatencyMs} ms; everything else comes
from the database and a fast service. Milliseconds until the first payload is there, and until the last is: medians.

${markdownTable(["page", "first payload ms", "last payload ms"], rows)}`;
  } finally {
    await atlas.stop();
  }
}

interface PayloadTimes {
  readonly firstMs: number;
  readonly lastMs: number;
}

async function timePayloads(url: string, query: string): Promise<PayloadTimes> {
  const startedAt = performance.now();
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "multipart/mixed" },
    body: JSON.stringify({ query }),
  });
  if (response.body === null) throw new Error("Expected an answer with a body.");
  let firstMs: number | undefined;
  let text = "";
  for await (const chunk of response.body) {
    text += Buffer.from(chunk).toString();
    if (/\{.*\}/.test(text)) firstMs ??= performance.now() - startedAt;
  }
  if (text.includes('"errors"')) throw new Error(`Expected no errors, got ${text.slice(0, 300)}`);
  return { firstMs: firstMs ?? Number.NaN, lastMs: performance.now() - startedAt };
}
