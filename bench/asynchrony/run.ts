import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { startEnvironment } from "../environment.ts";
import type { Options } from "../options.ts";
import { startServer } from "../processes/server-process.ts";
import { describeMachine, markdownTable } from "../report.ts";
import { pageNames, pages } from "./contenders.ts";
import { measurePage, type PageResult } from "./measure-asynchrony.ts";
import { plotAsynchrony } from "./plot.ts";

const plotFile = fileURLToPath(new URL("../../docs/asynchrony.svg", import.meta.url));
const atlasServices = fileURLToPath(new URL("../upstream/atlas.ts", import.meta.url));

/** Measures the effect of asynchrony and batches with slow services. A full run also writes the plot. */
export async function runAsynchrony(options: Options): Promise<string> {
  await using resources = new AsyncDisposableStack();
  const { cores, load, upstream } = await startEnvironment(resources);
  const others = cores && [cores.others];
  const atlas = await startServer({ command: [process.execPath, atlasServices], cores: others });
  resources.defer(() => atlas.stop());
  const settings = {
    load,
    serverCores: cores && [cores.server],
    ...(options.quick ? { latenciesMs: [0, 50], durationMs: 300 } : { latenciesMs: [0, 50, 200], durationMs: 5_000 }),
    only: options.only,
    log: console.log,
  };
  const results: PageResult[] = [];
  for (const page of pageNames) {
    const service = page === "posts" ? upstream : atlas;
    results.push(await measurePage(page, { ...settings, upstream: service.url }));
  }
  if (!options.quick && !options.print && options.only === undefined)
    await writeFile(plotFile, plotAsynchrony(results));
  return section(results);
}

function section(results: readonly PageResult[]): string {
  return `## Effect of asynchrony

${describeMachine()}. Every call of a service takes as long as the column says. A wait is the median of one client's; beside
it is how many pages a second 64 clients get.

![How long one client waits for a page](asynchrony.svg)

${results.map(pageSection).join("\n\n")}`;
}

function pageSection({ page, contenders }: PageResult): string {
  const measured = contenders.filter(({ missing }) => missing === undefined);
  const latencies = measured[0]?.latencies.map(({ latencyMs }) => latencyMs) ?? [];
  const rows = measured.map(({ title, latencies: results }) => [
    title,
    ...results.flatMap(({ waitMs, requestsPerSecond }) => [
      waitMs.toFixed(waitMs < 10 ? 1 : 0),
      requestsPerSecond.toFixed(0),
    ]),
    (results.at(-1)?.callsPerRequest ?? Number.NaN).toFixed(1),
  ]);
  const header = [
    "server",
    ...latencies.flatMap((ms) => [`wait at ${ms} ms`, `pages/s at ${ms} ms`]),
    "calls per page",
  ];
  const missing = contenders.flatMap(({ title, missing: reason }) =>
    reason === undefined ? [] : [`- Not measured: ${title}, because it ${reason}`],
  );
  const text = `**${pages[page].title}.** ${pages[page].description}`;
  return [text, markdownTable(header, rows), missing.join("\n")].filter(Boolean).join("\n\n");
}
