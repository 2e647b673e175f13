/**
 * Serves a graph of the benchmark with the gateway, with its readers and defaults.
 *
 *     node bench/server.ts --graph posts --upstream http://127.0.0.1:4601 --port 4600
 *     node bench/server.ts --graph pages --database postgres://root@127.0.0.1:5432/pages
 *     node bench/server.ts --graph atlas --database postgres://root@127.0.0.1:5432/atlas --workers 2
 *
 * `--without log` turns a feature off; `serving/settings.ts` has the names. `--plugin envelop` and `--plugin http` add a
 * plugin that does nothing. The environment variables are those of `server.ts`; `NODE_ENV` defaults to `production`.
 * Prints `listening on <url>` when it is ready.
 */
import cluster from "node:cluster";
import { enableCompileCache } from "node:module";
import { useOwnPackages } from "./own-packages.ts";
import { parseSettings, type ServerSettings } from "./serving/settings.ts";

async function start(settings: ServerSettings): Promise<void> {
  // Libraries read it at import.
  process.env.NODE_ENV ||= "production";
  useOwnPackages();
  // Like `start.ts`.
  enableCompileCache();
  if (cluster.isWorker) {
    const { connectToPrimary } = await import("tributary-graphql/server");
    const primary = connectToPrimary<never>();
    const { work } = await import("./serving/work.ts");
    return work(settings, primary);
  }
  const { serve } = await import("./serving/serve.ts");
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
