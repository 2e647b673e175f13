import { parseArgs } from "node:util";

export const servedGraphs = ["posts", "pages", "atlas"] as const;
export type ServedGraph = (typeof servedGraphs)[number];

/** Features that `--without` turns off, to measure their cost. */
export const features = ["log", "call-log", "metrics", "coalescing", "compiled-plans", "http-cache"] as const;
export type Feature = (typeof features)[number];

/** Kinds of plugin hooks. */
export const pluginKinds = ["envelop", "http"] as const;
export type PluginKind = (typeof pluginKinds)[number];

/** The command line of `bench/server.ts`. */
export interface ServerSettings {
  readonly graph: ServedGraph;
  /** Base URL of the REST service. */
  readonly upstream: string | undefined;
  readonly database: string | undefined;
  /** 0 for a free port. */
  readonly port: number;
  /** Number of worker processes. */
  readonly workers: number;
  readonly without: readonly Feature[];
  readonly plugins: readonly PluginKind[];
}

/** @throws Error with a message of one line that names the option, the expected value and the actual value */
export function parseSettings(args: readonly string[]): ServerSettings {
  const { values } = parseArgs({
    args: [...args],
    options: {
      graph: { type: "string" },
      upstream: { type: "string" },
      database: { type: "string" },
      port: { type: "string", default: "0" },
      workers: { type: "string", default: "1" },
      without: { type: "string", multiple: true, default: [] },
      plugin: { type: "string", multiple: true, default: [] },
    },
  });
  return {
    graph: oneOf("graph", servedGraphs, values.graph),
    upstream: values.upstream,
    database: values.database,
    port: wholeNumber("port", values.port, 0, 65_535),
    workers: wholeNumber("workers", values.workers, 1, 64),
    without: values.without.map((feature) => oneOf("without", features, feature)),
    plugins: values.plugin.map((kind) => oneOf("plugin", pluginKinds, kind)),
  };
}

function oneOf<Name extends string>(option: string, names: readonly Name[], value: string | undefined): Name {
  const name = names.find((one) => one === value);
  if (name === undefined)
    throw new Error(
      `--${option}: expected one of ${names.join(", ")}, got ${value === undefined ? "none" : JSON.stringify(value)}.`,
    );
  return name;
}

function wholeNumber(option: string, text: string, min: number, max: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= min && number <= max) return number;
  throw new Error(`--${option}: expected a whole number from ${min} to ${max}, got ${JSON.stringify(text)}.`);
}
