import { posix } from "node:path";
import type { AppConfig } from "./app-config.ts";

/** Where an app keeps what the command reads and writes, relative to its root and with slashes. */
export interface AppPaths {
  /** The folder of the operations of its clients. */
  readonly operations: string;
  /** Their typed documents, which `codegen` writes. */
  readonly operationTypes: string;
  /** The calls that they may make. */
  readonly callRecord: string;
  /** The variables that they are run with. */
  readonly variables: string;
  readonly printedSchema: string;
  /** The breaking changes that somebody answered for. */
  readonly approvals: string;
}

/** @throws TypeError for a path that is absolute or leads out of the app's root */
export function appPaths({
  operations = "operations",
  printedSchema = "schema/schema.graphql",
}: PathSettings): AppPaths {
  const folder = insideRoot("operations", operations);
  const schema = insideRoot("printedSchema", printedSchema);
  return {
    operations: folder,
    operationTypes: `${folder}/operations.generated.ts`,
    callRecord: `${folder}/calls.json`,
    variables: `${folder}/variables.json`,
    printedSchema: schema,
    approvals: posix.join(posix.dirname(schema), "approved-changes.json"),
  };
}

type PathSettings = Pick<AppConfig, "operations" | "printedSchema">;

function insideRoot(name: string, path: string): string {
  const normal = posix.normalize(path).replace(/\/$/, "");
  if (posix.isAbsolute(normal) || normal === "." || normal === ".." || normal.startsWith("../"))
    throw new TypeError(`${name}: expected a path below the app's root, got ${JSON.stringify(path)}.`);
  return normal;
}

/** Those of the app that the command is run for: one app per process. */
let current = appPaths({});

export const pathsOfApp = (): AppPaths => current;

/** To be called before a command runs. */
export function usePathsOf(config: PathSettings): void {
  current = appPaths(config);
}
