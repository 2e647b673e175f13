import { pino } from "pino";
import type { AppConfig } from "tributary-graphql";

/** Without latency and changing rates, so that the recorded calls are deterministic. */
const deterministic = { SUN_LATENCY_MS: "0", RATES_DRIFT_MS: "0", LOG_LEVEL: "silent" };

/** The configuration of the command `tributary`. */
export default {
  schema: async () => (await import("./schema/index.ts")).schema,
  start: async ({ environment, createCallLog }) => {
    const [{ loadConfig }, { createApp }] = await Promise.all([import("./config.ts"), import("./atlas/app.ts")]);
    const config = loadConfig({ ...deterministic, ...environment });
    const app = createApp({ config, logger: pino({ level: config.logLevel }), gateway: { createCallLog } });
    try {
      await app.open();
      return app;
    } catch (error) {
      await app.close();
      throw error;
    }
  },
} satisfies AppConfig;
