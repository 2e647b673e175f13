import { defineConfig } from "vitest/config";

export default defineConfig({
  // The conditions that Node itself resolves by. With Vite's own, our files get graphql's development build and the
  // packages beside them the other: two graphqls, and nothing of the one is an instance of the other's classes.
  ssr: { resolve: { conditions: ["node", "module-sync"] } },
  test: {
    include: ["test/**/*.test.ts", "packages/*/test/**/*.test.ts", "bench/test/**/*.test.ts"],
    // Serves databases to the tests that ask for one; nothing is started or filled before.
    globalSetup: ["packages/tributary-testing/src/global-setup.ts"],
    // Processes, because tests kill workers and servers. Two, because that is how many cores a small CI machine has.
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 20_000,
    // The first test of a run that asks for a database waits until it is filled.
    hookTimeout: 120_000,
  },
});
