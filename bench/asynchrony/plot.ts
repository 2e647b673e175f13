import { pages } from "./contenders.ts";
import type { PageResult } from "./measure-asynchrony.ts";

const [width, labelWidth, valueWidth] = [760, 190, 70];
const [barHeight, barGap, groupGap, panelHead] = [9, 2, 12, 58];

/** A bar chart of the latency of a client, with one bar per latency of the service, as SVG for light and dark mode. */
export function plotAsynchrony(results: readonly PageResult[]): string {
  const panels: string[] = [];
  let top = 0;
  for (const result of results) {
    const { markup, height } = panel(result, top);
    panels.push(markup);
    top += height;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${top + 8}" width="${width}" height="${top + 8}" role="img" aria-label="How long one client waits for a page, by server and latency of the service">
<style>
  text { font: 12px system-ui, sans-serif; fill: #1f2328; }
  .title { font-weight: 600; font-size: 14px; }
  .value, .note { fill: #59636e; font-size: 10px; }
  .ours { font-weight: 600; }
  .bar0 { fill: #9ec5a8; } .bar1 { fill: #4c9a6a; } .bar2 { fill: #1b6b45; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .value, .note { fill: #9198a1; }
    .bar0 { fill: #2f5d45; } .bar1 { fill: #4fa876; } .bar2 { fill: #9fe0b8; }
  }
</style>
${panels.join("\n")}
</svg>
`;
}

function panel({ page, contenders }: PageResult, top: number): { readonly markup: string; readonly height: number } {
  const measured = contenders.filter(({ latencies }) => latencies.length > 0);
  const longest = Math.max(...measured.flatMap(({ latencies }) => latencies.map(({ waitMs }) => waitMs)));
  const maxBarWidth = width - labelWidth - valueWidth;
  const latencies = measured[0]?.latencies ?? [];
  const lines = [
    text(0, top + 20, `${pages[page].title}: how long one client waits`, "title"),
    ...legend(
      latencies.map(({ latencyMs }) => latencyMs),
      top + 40,
    ),
  ];
  let y = top + panelHead;
  for (const { name, title, latencies: bars } of measured) {
    const groupHeight = bars.length * (barHeight + barGap);
    lines.push(text(labelWidth - 10, y + groupHeight / 2 + 3, title, name === "ours" ? "ours" : "", "end"));
    for (const [index, { waitMs }] of bars.entries()) {
      const length = Math.max(1, (waitMs / longest) * maxBarWidth);
      lines.push(rectangle(labelWidth, y, length, `bar${index % 3}`));
      lines.push(text(labelWidth + length + 5, y + barHeight - 0.5, milliseconds(waitMs), "value"));
      y += barHeight + barGap;
    }
    y += groupGap;
  }
  return { markup: lines.join("\n"), height: y - top };
}

function legend(latenciesMs: readonly number[], y: number): string[] {
  const step = 160;
  return latenciesMs.flatMap((latencyMs, index) => [
    rectangle(labelWidth + index * step, y - 9, 14, `bar${index % 3}`),
    text(labelWidth + index * step + 20, y, `the service takes ${latencyMs} ms`, "note"),
  ]);
}

const rectangle = (x: number, y: number, length: number, name: string): string =>
  `<rect class="${name}" x="${x}" y="${y.toFixed(1)}" width="${length.toFixed(1)}" height="${barHeight}" rx="1.5"/>`;

const text = (x: number, y: number, words: string, name: string, anchor = "start"): string =>
  `<text class="${name}" x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${escaped(words)}</text>`;

const escaped = (words: string): string => words.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

const milliseconds = (ms: number): string => `${ms < 10 ? ms.toFixed(1) : ms.toFixed(0)} ms`;
