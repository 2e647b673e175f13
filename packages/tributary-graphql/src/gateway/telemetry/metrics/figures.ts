import { bucketBounds, type Durations } from "./durations.ts";

export type Labels = Readonly<Record<string, string | number>>;

/** One metric with its series, as `prom-client` has it in `getMetricsAsJSON`; JSON, so that a process can send it. */
export interface Figures {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram" | "summary";
  readonly values: readonly FigureValue[];
  /** How the figures of several processes become one: `sum`, `average`, `min`, `max`, `first`, or `omit`. */
  readonly aggregator: string;
}

export interface FigureValue {
  readonly value: number;
  readonly labels: Labels;
  /** The series of a histogram have their own names. */
  readonly metricName?: string;
}

export const counter = (name: string, help: string, values: Iterable<FigureValue>): Figures => ({
  name,
  help,
  type: "counter",
  values: [...values],
  aggregator: "sum",
});

export const gauge = (name: string, help: string, values: Iterable<FigureValue>): Figures => ({
  ...counter(name, help, values),
  type: "gauge",
});

/** @param durations each with the labels of its series */
export const histogram = (name: string, help: string, durations: Iterable<readonly [Labels, Durations]>): Figures => ({
  name,
  help,
  type: "histogram",
  values: [...durations].flatMap(([labels, each]) => seriesOf(name, labels, each)),
  aggregator: "sum",
});

/** Each bucket counts those below it too. */
function seriesOf(name: string, labels: Labels, { counts, sumSeconds }: Durations): FigureValue[] {
  let total = 0;
  const buckets = counts.map((count, bucket) => {
    total += count;
    return { metricName: `${name}_bucket`, labels: { ...labels, le: bucketBounds[bucket] ?? "+Inf" }, value: total };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sumSeconds },
    { metricName: `${name}_count`, labels, value: total },
  ];
}
