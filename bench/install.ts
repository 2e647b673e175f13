import { fileURLToPath } from "node:url";
import { installPackages } from "tributary-testing/install-packages.ts";

/**
 * Installs the packages of the peers into `bench/node_modules`, unless they are installed.
 * @throws Error if npm fails
 */
export const installPeers = (): Promise<void> => installPackages(fileURLToPath(new URL(".", import.meta.url)));
