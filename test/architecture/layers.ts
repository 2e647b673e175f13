/** A place in the house, as DESIGN draws it. `core` is what every layer above may use, `datasources/errors.ts` for one. */
export type Layer =
  | "server"
  | "app"
  | "config"
  | "codegen"
  | "schema"
  | "resolvers"
  | "datasources"
  | "core"
  | "sql"
  | "rest"
  | "gateway"
  | "demo"
  | "clients"
  | "checks"
  | "test"
  | "tool";

/** What each layer may import: functions from the layer directly below, types from further down. */
export interface Reach {
  readonly values: readonly Layer[];
  readonly types: readonly Layer[];
}

const domain: readonly Layer[] = ["schema", "resolvers", "datasources", "core", "sql", "rest"];

/** A layer that is not in its own list may not import from itself either. `test` and `tool` may import anything. */
export const reaches: Readonly<Record<Exclude<Layer, "test" | "tool">, Reach>> = {
  server: { values: ["app", "config", "gateway", "demo"], types: domain },
  app: { values: ["app", "config", "gateway", "demo", ...domain], types: [] },
  config: { values: ["config"], types: ["gateway", ...domain] },
  codegen: { values: ["checks"], types: [] },
  schema: { values: ["schema", "resolvers", "core"], types: ["datasources", "gateway"] },
  resolvers: { values: ["resolvers", "datasources", "core"], types: ["gateway"] },
  datasources: { values: ["datasources", "core", "sql", "rest"], types: ["gateway"] },
  core: { values: [], types: ["gateway"] },
  sql: { values: ["sql", "core"], types: ["gateway"] },
  rest: { values: ["rest", "core"], types: ["gateway"] },
  gateway: { values: ["gateway"], types: [] },
  demo: { values: ["demo", "datasources", "core", "sql"], types: ["gateway"] },
  // Copied into applications, so it takes nothing from here.
  clients: { values: ["clients"], types: [] },
  checks: { values: ["checks", "config", "gateway"], types: ["app", "schema"] },
};

const rootFiles: Readonly<Record<string, Layer>> = {
  "start.ts": "server",
  "atlas-fill.ts": "server",
  "app.ts": "app",
  "open-atlas.ts": "app",
  "primary.ts": "app",
  "worker.ts": "app",
  "config.ts": "config",
  "settings.ts": "config",
  "codegen.ts": "codegen",
  "dev.ts": "tool",
  "vitest.config.ts": "tool",
  "test/support/global-setup.ts": "tool",
  "test/support/failing-run/vitest.config.ts": "tool",
  "datasources/errors.ts": "core",
  "datasources/abort-listeners.ts": "core",
  "datasources/linked-queue.ts": "core",
};

const folders: readonly (readonly [string, Layer])[] = [
  ["datasources/sql/", "sql"],
  ["datasources/rest/", "rest"],
  ["datasources/", "datasources"],
  ["schema/", "schema"],
  ["resolvers/", "resolvers"],
  ["gateway/", "gateway"],
  ["demo/", "demo"],
  ["clients/", "clients"],
  ["checks/", "checks"],
  ["openapi/", "tool"],
  ["test/", "test"],
  ["bench/", "tool"],
  ["operations/", "test"],
];

/** Where a file belongs; undefined for one that has no place in the house. */
export const layerOf = (path: string): Layer | undefined =>
  rootFiles[path] ?? folders.find(([folder]) => path.startsWith(folder))?.[1];
