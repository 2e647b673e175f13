import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { assertSchema, type GraphQLSchema } from "graphql";
import type { AppConfig } from "./app-config.ts";
import { usePathsOf } from "./app-paths.ts";
import { CheckError } from "./command-error.ts";

const configNames = ["tributary.config.ts", "tributary.config.js", "tributary.config.mjs"] as const;

/** The nearest folder, from the working folder upwards, that has a configuration; the working folder where none has. */
function findRoot(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (configNames.some((name) => existsSync(join(folder, name)))) return folder;
    if (dirname(folder) === folder) return start;
  }
}

let root: string | undefined;

/** The root of the app that the command is run in. */
export function appRoot(): string {
  root ??= findRoot(process.cwd());
  return root;
}

/**
 * The app's `tributary.config.ts`.
 *
 * @throws CheckError when there is none, or when it is not a configuration
 */
export async function loadAppConfig(): Promise<AppConfig> {
  const name = configNames.find((each) => existsSync(join(appRoot(), each)));
  if (name === undefined) {
    throw new CheckError(
      `Expected ${configNames[0]} in ${appRoot()} or a folder above it: it says which schema the app has.`,
    );
  }
  const { default: config }: { default?: Partial<AppConfig> } = await import(pathToFileURL(join(appRoot(), name)).href);
  if (typeof config?.schema !== "function") {
    throw new CheckError(`${name}: expected a default export with a function \`schema\`, got ${describe(config)}.`);
  }
  try {
    usePathsOf(config);
  } catch (error) {
    throw new CheckError(`${name}: ${error instanceof Error ? error.message : error}`);
  }
  return config as AppConfig;
}

const describe = (value: unknown): string =>
  typeof value === "object" && value !== null
    ? `an object with ${Object.keys(value).join(", ") || "nothing"}`
    : typeof value;

/** The schema as the code defines it now. */
export async function loadCurrentSchema(): Promise<GraphQLSchema> {
  const { schema } = await loadAppConfig();
  return assertSchema(await schema());
}
