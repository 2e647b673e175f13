import { posix } from "node:path";
import type { AppConfig } from "./app-config.ts";

/** The paths of an app's files that the command reads and writes, relative to the app's root, with slashes. */
export interface AppPaths {
  /** The folder of the client operations. */
  readonly operations: string;
  /** The typed documents, which `codegen` writes. */
  readonly operationTypes: string;
  /** The recorded calls of the operations. */
  readonly callRecord: string;
  /** The manifest of the operations as clients send them, which `codegen` writes. */
  readonly trustedDocuments: string;
  /** The variables that the operations are executed with. */
  readonly variables: string;
  readonly printedSchema: string;
  /** The approved breaking changes. */
  readonly approvals: string;
}

/** @throws TypeError for a path that is absolute or outside of the app's root */
export function resolveAppPaths({
  operations = "operations",
  printedSchema = "schema/schema.graphql",
}: PathSettings): AppPaths {
  const folder = insideRoot("operations", operations);
  const schema = insideRoot("printedSchema", printedSchema);
  return {
    operations: folder,
    operationTypes: `${folder}/operations.generated.ts`,
    callRecord: `${folder}/calls.json`,
    trustedDocuments: `${folder}/trusted-documents.json`,
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

/** The paths of the one app of this process. */
let current = resolveAppPaths({});

export const appPaths = (): AppPaths => current;

/** Call it before a command that needs the paths. */
export function setAppPaths(config: PathSettings): void {
  current = resolveAppPaths(config);
}
