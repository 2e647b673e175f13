import { pino } from "pino";
import type { AppConfig } from "tributary-graphql";

/** Atlas without its artificial slowness, and with rates that stay: what is counted is the same each time. */
const calm = { SUN_LATENCY_MS: "0", RATES_DRIFT_MS: "0", LOG_LEVEL: "silent" };

/** What the command `tributary` knows of Atlas. */
export default {
  schema: async () => (await import("./schema/index.ts")).schema,
  start: async ({ environment, createCallLog }) => {
    const [{ loadConfig }, { createApp }] = await Promise.all([import("./config.ts"), import("./atlas/app.ts")]);
    const config = loadConfig({ ...calm, ...environment });
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
