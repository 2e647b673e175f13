import { expect } from "vitest";

/** The value of a series in Prometheus' text format, or undefined; `series` is written as there. */
export function sampleOf(text: string, series: string): number | undefined {
  const line = text.split("\n").find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

/** The series of a metric with their values, as they are written. */
export const seriesOf = (text: string, metric: string): string[] =>
  text.split("\n").filter((line) => line.startsWith(`${metric}{`) || line.startsWith(`${metric} `));

/** Fails for text that is not in Prometheus' format: a line with HELP, one with TYPE, then the samples of that metric. */
export function expectPrometheusText(text: string): void {
  expect(text.endsWith("\n")).toBe(true);
  for (const block of text.trimEnd().split("\n\n")) {
    const [help = "", type = "", ...samples] = block.split("\n");
    const name = /^# HELP (\w+) ./.exec(help)?.[1];
    expect(name).toBeDefined();
    expect(type).toMatch(new RegExp(`^# TYPE ${name} (counter|gauge|histogram|summary)$`));
    for (const sample of samples)
      expect(sample).toMatch(
        new RegExp(`^${name}(_bucket|_sum|_count)?(\\{(\\w+="([^"\\\\\\n]|\\\\.)*",?)+\\})? ([-+\\d.eE]+|Nan|\\+Inf)$`),
      );
  }
}
