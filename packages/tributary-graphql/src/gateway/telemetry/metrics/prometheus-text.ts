import type { Metric, MetricObjectWithValues, MetricValue, Registry } from "prom-client";
import type { Figures } from "./figures.ts";

type Client = typeof import("prom-client");

let loading: Promise<{ readonly client: Client; readonly registry: Registry }> | undefined;

/** Loaded for the first scrape: it takes a while, and observes garbage collections from then on. */
function loadClient() {
  loading ??= import("prom-client").then(({ default: client }) => {
    const registry = new client.Registry();
    client.collectDefaultMetrics({ register: registry });
    return { client, registry };
  });
  return loading;
}

/** The figures of this process: memory, CPU time, event-loop delay, garbage collection. */
export async function processFigures(): Promise<readonly Figures[]> {
  const { registry } = await loadClient();
  const all: readonly unknown[] = await registry.getMetricsAsJSON();
  return all as readonly Figures[];
}

/** The content type of `prometheusText`. */
export const prometheusContentType = "text/plain; version=0.0.4; charset=utf-8";

/** The figures of one process, or of several together, in Prometheus' text format. */
export async function prometheusText(processes: readonly (readonly Figures[])[]): Promise<string> {
  const { client } = await loadClient();
  const [first = []] = processes;
  if (processes.length > 1)
    return client.AggregatorRegistry.aggregate(processes as unknown as object[]).metrics() as Promise<string>;
  const registry = new client.Registry();
  for (const figures of first) registry.registerMetric(metricOf(figures));
  return registry.metrics();
}

const metricOf = (figures: Figures): Metric => {
  const values = figures as unknown as MetricObjectWithValues<MetricValue<string>>;
  return { name: figures.name, get: async () => values } as unknown as Metric;
};
