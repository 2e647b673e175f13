import { fileURLToPath } from "node:url";
import { installPackages } from "tributary-testing/install-packages.ts";
import type { TestProject } from "vitest/node";

const folder = fileURLToPath(new URL(".", import.meta.url));

/**
 * Installs the clients before the tests of this folder, unless they are installed. If the installation fails,
 * `runner.ts` skips the tests with the reason, or lets them fail with `CI=true`.
 */
export async function setup(project: TestProject): Promise<() => void> {
  const missing = await installPackages(folder).then(
    () => undefined,
    (error: Error) => `The packages of test/clients could not be installed: ${error.message}`,
  );
  project.provide("missingClients", missing);
  return () => {
    if (missing !== undefined) console.warn(`Tests of clients were skipped: ${missing}`);
  };
}

declare module "vitest" {
  export interface ProvidedContext {
    /** The reason if the clients are not installed, else undefined. */
    missingClients: string | undefined;
  }
}
