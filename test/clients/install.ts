import { fileURLToPath } from "node:url";
import { installPackages } from "tributary-testing/install-packages.ts";
import type { TestProject } from "vitest/node";

const folder = fileURLToPath(new URL(".", import.meta.url));

/**
 * Installs the clients before the first test of this folder runs, unless they are there. When that fails, the tests are
 * told why: `runner.ts` skips them, or has them fail where `CI` is `true`.
 */
export async function setup(project: TestProject): Promise<() => void> {
  const missing = await installPackages(folder).then(
    () => undefined,
    (error: Error) => `The packages of test/clients could not be installed: ${error.message}`,
  );
  project.provide("missingClients", missing);
  return () => {
    if (missing !== undefined) console.warn(`Tests of clients were not run: ${missing}`);
  };
}

declare module "vitest" {
  export interface ProvidedContext {
    /** Why the clients are not installed; undefined when they are. */
    missingClients: string | undefined;
  }
}
