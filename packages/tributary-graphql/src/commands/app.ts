import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { assertSchema, type GraphQLSchema } from "graphql";
import type { AppConfig } from "./app-config.ts";
import { setAppPaths } from "./app-paths.ts";
import { CommandError } from "./command-error.ts";

const configNames = ["tributary.config.ts", "tributary.config.js", "tributary.config.mjs"] as const;

/** The nearest folder with a configuration, from the working directory upwards. Without one: the working directory. */
function findRoot(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (configNames.some((name) => existsSync(join(folder, name)))) return folder;
    if (dirname(folder) === folder) return start;
  }
}

let root: string | undefined;

/** The root folder of the app. */
export function appRoot(): string {
  root ??= findRoot(process.cwd());
  return root;
}

/**
 * Loads the app's `tributary.config.ts`.
 * @throws CommandError when it is missing or invalid
 */
export async function loadAppConfig(): Promise<AppConfig> {
  const name = configNames.find((each) => existsSync(join(appRoot(), each)));
  if (name === undefined) {
    throw new CommandError(
      `Found no ${configNames[0]} in ${appRoot()} or a parent folder: create one that exports the schema of the app.`,
    );
  }
  const { default: config }: { default?: Partial<AppConfig> } = await import(pathToFileURL(join(appRoot(), name)).href);
  if (typeof config?.schema !== "function") {
    throw new CommandError(`${name}: expected a default export with a function \`schema\`, got ${describe(config)}.`);
  }
  try {
    setAppPaths(config);
  } catch (error) {
    throw new CommandError(`${name}: ${error instanceof Error ? error.message : error}`);
  }
  return config as AppConfig;
}

const describe = (value: unknown): string =>
  typeof value === "object" && value !== null
    ? `an object with the properties ${Object.keys(value).join(", ") || "(none)"}`
    : typeof value;

/** Loads the schema as the code defines it now. */
export async function loadCurrentSchema(): Promise<GraphQLSchema> {
  const { schema } = await loadAppConfig();
  return assertSchema(await schema());
}
