import { mergeConfig } from "vitest/config";
import ours from "../../../../vitest.config.ts";

const config = mergeConfig(ours, {});
config.test.include = ["packages/tributary-testing/test/failing-run/fails.ts"];

/** Our own settings, for the one test that is meant to fail. */
export default config;
