import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { loadCountries } from "./country-data/load.ts";
import type { CountryRow } from "./country-data/row.ts";
import { runService } from "./run-service.ts";

/**
 * The countries API: json-server as it comes, read-only, over the corrected countries. Its filters, its sorting and
 * its limits are its own: README.md beside this file lists them.
 */
export async function createCountriesServer(rows: readonly CountryRow[]): Promise<Server> {
  // Loaded only here: whoever reads this file's other exports need not wait for json-server's 200 modules.
  const { default: jsonServer } = await import("json-server");
  const router = jsonServer.router({ countries: rows });
  router.db._.id = "cca2";
  const application = jsonServer
    .create()
    .set("json spaces", 0)
    .use(jsonServer.defaults({ logger: false, readOnly: true, noGzip: true, static: homePageFolder() }))
    .use(router);
  return createServer(application);
}

/** json-server's own page. Left to itself it would serve a `public` folder of whatever folder it was started in. */
function homePageFolder(): string {
  return join(dirname(createRequire(import.meta.url).resolve("json-server/package.json")), "public");
}

if (import.meta.main) {
  await runService("countries", async () => createCountriesServer(await loadCountries()));
}
