import { fileOf, type HttpContender, sourceOptions } from "./contender.ts";

export interface GatewayOptions {
  readonly name?: string;
  readonly title?: string;
  /** Additional options of `bench/server.ts`. */
  readonly options?: readonly string[];
}

/** The gateway of this repository. */
export const ours = (
  graph: "posts" | "pages",
  { name = "ours", title = "Tributary", options = [] }: GatewayOptions = {},
): HttpContender => ({
  name,
  title,
  prepare: async (sources) => ({
    command: [process.execPath, fileOf("../server.ts"), "--graph", graph, ...sourceOptions(sources), ...options],
  }),
});
