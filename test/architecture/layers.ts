/** A layer of the engine or of Atlas, see docs/make-it-yours.md and docs/decisions/020. */
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
  // Not shipped.
  | "test"
  | "tool";

/** The allowed imports of a layer. */
export interface AllowedImports {
  /** Layers from which it may import everything. */
  readonly values: readonly Layer[];
  /** Layers from which it may import only types. */
  readonly types: readonly Layer[];
  /** Entry points of the engine that it may import by package name; none for the engine itself. */
  readonly entries: readonly string[];
}

const ofEngine = (values: readonly Layer[], types: readonly Layer[] = []): AllowedImports => ({
  values,
  types,
  entries: [],
});

const everyEntry = ["", "/sql", "/rest", "/relay", "/pothos", "/server"];

/** A layer may import from itself only if it is in its own list. `test` and `tool` may import anything. */
export const allowedImports: Readonly<Record<Exclude<Layer, "test" | "tool">, AllowedImports>> = {
  core: ofEngine(["core"]),
  relay: ofEngine(["relay", "core"]),
  sql: ofEngine(["sql", "relay", "core"]),
  rest: ofEngine(["rest", "relay", "core"]),
  gateway: ofEngine(["gateway", "core"]),
  pothos: ofEngine(["pothos", "relay", "core"]),
  // Applications of clients copy it, so it has no imports from other layers.
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
  // The test copies this app to another folder.
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

/** The layer of a file; undefined if it has none. */
export const layerOf = (path: string): Layer | undefined =>
  files[path] ?? folders.findLast(([folder]) => path.startsWith(folder))?.[1];

export const isOfEngine = (path: string): boolean => path.startsWith(engine);
