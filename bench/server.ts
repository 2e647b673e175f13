/**
 * Serves one of the benchmark's graphs through the gateway, with the readers and the defaults that every user has.
 *
 *     node bench/server.ts --graph posts --upstream http://127.0.0.1:4601 --port 4600
 *     node bench/server.ts --graph pages --database postgres://root@127.0.0.1:5432/pages
 *     node bench/server.ts --graph atlas --database postgres://root@127.0.0.1:5432/atlas --workers 2
 *
 * `--without log`, `--without call-log` and `--without http-cache` leave a feature out. Settings of the environment hold as they
 * do for `server.ts`, with `NODE_ENV=production` as the default. Prints `listening on <url>` once it answers.
 */
import { enableCompileCache } from "node:module";
import { useOwnPackages } from "./own-packages.ts";
import { parseSettings, type ServerSettings } from "./serving/settings.ts";

async function start(settings: ServerSettings): Promise<void> {
  // Libraries look at it when they are loaded.
  process.env.NODE_ENV ||= "production";
  useOwnPackages();
  // As `server.ts` does: compiled code is kept between starts.
  enableCompileCache();
  const { serve } = await import("./serving/serve-graph.ts");
  if (settings.workers > 1)
    throw new Error(`--workers: expected 1, because the gateway runs in one process, got ${settings.workers}.`);
  const serving = await serve(settings);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void serving.close().finally(() => process.exit(0)));
  }
  console.log(`listening on ${serving.url}`);
}

if (import.meta.main) {
  try {
    await start(parseSettings(process.argv.slice(2)));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
