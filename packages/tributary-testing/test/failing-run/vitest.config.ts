import { defineConfig } from "vitest/config";
import { globalSetup, settings } from "../../../../vitest.config.ts";

/** The repository's settings, for the test that is meant to fail. */
export default defineConfig({
  ...settings,
  test: { ...settings.test, globalSetup, include: ["packages/tributary-testing/test/failing-run/fails.ts"] },
});
