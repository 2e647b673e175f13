/** A layer of the engine or of Atlas, as docs/make-it-yours.md and docs/decisions/020 draw them. */
export type Layer =
  // The engine.
  | "core"
  | "relay"
  | "sql"
  | "rest"
  | "gateway"
  | "pothos"
  | "client"
  | "commands"
  | "process"
  | "entry"
  // Atlas.
  | "server"
  | "config"
  | "atlas"
  | "schema"
  | "resolvers"
  | "datasources"
  // Neither is shipped.
  | "test"
  | "tool";

/** What each layer may import. */
export interface Reach {
  /** Layers whose functions and classes it may use. */
  readonly values: readonly Layer[];
  /** Layers of which it may use the types besides. */
  readonly types: readonly Layer[];
  /** The entries of the engine that it may import by the package's name; none for the engine itself. */
  readonly entries: readonly string[];
}

const ofEngine = (values: readonly Layer[], types: readonly Layer[] = []): Reach => ({ values, types, entries: [] });

const everyEntry = ["", "/sql", "/rest", "/relay", "/pothos", "/server"];

/** A layer that is not in its own list may not import from itself either. `test` and `tool` may import anything. */
export const reaches: Readonly<Record<Exclude<Layer, "test" | "tool">, Reach>> = {
  core: ofEngine(["core"]),
  relay: ofEngine(["relay", "core"]),
  sql: ofEngine(["sql", "relay", "core"]),
  rest: ofEngine(["rest", "relay", "core"]),
  gateway: ofEngine(["gateway", "core"]),
  pothos: ofEngine(["pothos", "relay", "core"]),
  // Copied into applications of clients, so it takes nothing from here.
  client: ofEngine(["client"]),
  commands: ofEngine(["commands", "gateway", "rest", "core"]),
  process: ofEngine(["process", "gateway", "core"]),
  entry: ofEngine(["gateway", "core", "commands"]),
  server: { values: ["atlas", "config"], types: [], entries: ["/server"] },
  config: { values: ["config"], types: [], entries: ["/server"] },
  atlas: { values: ["atlas", "config", "schema", "datasources"], types: ["resolvers"], entries: everyEntry },
  schema: { values: ["schema", "resolvers"], types: ["datasources"], entries: ["/pothos"] },
  resolvers: { values: ["resolvers", "datasources"], types: [], entries: ["", "/relay", "/pothos"] },
  datasources: { values: ["datasources"], types: [], entries: ["", "/sql", "/rest", "/relay"] },
};

const engine = "packages/tributary-graphql/src/";

const files: Readonly<Record<string, Layer>> = {
  [`${engine}index.ts`]: "entry",
  [`${engine}bin.ts`]: "entry",
  "start.ts": "server",
  "config.ts": "config",
  "tributary.config.ts": "tool",
  "vitest.config.ts": "tool",
};

const folders: readonly (readonly [string, Layer])[] = [
  ...(["core", "relay", "sql", "rest", "gateway", "pothos", "client", "commands"] as const).map(
    (layer) => [`${engine}${layer}/`, layer] as const,
  ),
  [`${engine}server/`, "process"],
  ["packages/tributary-graphql/packaging/", "tool"],
  ["packages/tributary-graphql/test/", "test"],
  // An app that is copied elsewhere and runs there.
  ["packages/tributary-graphql/test/package/consumer/", "tool"],
  ["packages/tributary-testing/", "test"],
  ["packages/tributary-testing/test/failing-run/vitest.config.ts", "tool"],
  ["packages/tributary-testing/src/global-setup.ts", "tool"],
  ["datasources/", "datasources"],
  ["schema/", "schema"],
  ["resolvers/", "resolvers"],
  ["atlas/", "atlas"],
  ["test/", "test"],
  ["test/clients/runner.ts", "tool"],
  ["bench/", "tool"],
  [".ci/", "tool"],
  ["operations/", "test"],
];

/** Where a file belongs; undefined for one outside of every layer. */
export const layerOf = (path: string): Layer | undefined =>
  files[path] ?? folders.findLast(([folder]) => path.startsWith(folder))?.[1];

export const isOfEngine = (path: string): boolean => path.startsWith(engine);
