/**
 * Serves one of the benchmark's graphs through the gateway, with the readers and the defaults that every user has.
 *
 *     node bench/server.ts --graph posts --upstream http://127.0.0.1:4601 --port 4600
 *     node bench/server.ts --graph pages --database postgres://root@127.0.0.1:5432/pages
 *     node bench/server.ts --graph atlas --database postgres://root@127.0.0.1:5432/atlas --workers 2
 *
 * `--without log`, and the other names that `serving/settings.ts` has, leave a feature out; `--plugin
 * envelop` and `--plugin http` add a plugin that does nothing. Settings of the environment hold
 * as they do for `server.ts`, with `NODE_ENV=production` as the default. Prints `listening on <url>` once it answers.
 */
import cluster from "node:cluster";
import { enableCompileCache } from "node:module";
import { useOwnPackages } from "./own-packages.ts";
import { parseSettings, type ServerSettings } from "./serving/settings.ts";

async function start(settings: ServerSettings): Promise<void> {
  // Libraries look at it when they are loaded.
  process.env.NODE_ENV ||= "production";
  useOwnPackages();
  // As `start.ts` does: compiled code is kept between starts.
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
