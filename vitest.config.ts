import { existsSync } from "node:fs";
import { defineConfig, type UserWorkspaceConfig } from "vitest/config";

/** What holds for every test. */
export const settings: Pick<UserWorkspaceConfig, "ssr" | "test"> = {
  // The conditions that Node itself resolves by. With Vite's own, our files get graphql's development build and the
  // packages beside them the other: two graphqls, and nothing of the one is an instance of the other's classes.
  ssr: { resolve: { conditions: ["node", "module-sync"] } },
  test: {
    // Processes, because tests kill workers and servers.
    pool: "forks",
    testTimeout: 20_000,
    // The first test of a run that asks for a database waits until it is filled.
    hookTimeout: 120_000,
  },
};

/** Serves databases to the tests that ask for one, once for all projects; nothing is started or filled before. */
export const globalSetup = "packages/tributary-testing/src/global-setup.ts";

/** The tests with clients from npm, where the app has any. */
const clients: UserWorkspaceConfig = {
  ...settings,
  test: {
    ...settings.test,
    name: "clients",
    include: ["test/clients/**/*.test.ts"],
    // Installs the clients before the first of these tests runs.
    globalSetup: "test/clients/install.ts",
    runner: "test/clients/runner.ts",
  },
};

export default defineConfig({
  test: {
    globalSetup,
    // Two, because that is how many cores a small CI machine has.
    maxWorkers: 2,
    projects: [
      {
        ...settings,
        test: {
          ...settings.test,
          name: "tributary",
          include: ["test/**/*.test.ts", "packages/*/test/**/*.test.ts", "bench/test/**/*.test.ts"],
          exclude: ["**/node_modules/**", "test/clients/**"],
        },
      },
      ...(existsSync("test/clients/install.ts") ? [clients] : []),
    ],
  },
});
