import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { loadCountries } from "./country-data/load.ts";
import type { CountryRow } from "./country-data/row.ts";
import { runService } from "./run-service.ts";

/** The countries API: json-server, read-only, with the corrected countries. README.md lists its filters and limits. */
export async function createCountriesServer(rows: readonly CountryRow[]): Promise<Server> {
  // Imported late: json-server has 200 modules.
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

/** The static files of json-server. Its default is the folder `public` of the working directory. */
function homePageFolder(): string {
  return join(dirname(createRequire(import.meta.url).resolve("json-server/package.json")), "public");
}

if (import.meta.main) {
  await runService("countries", async () => createCountriesServer(await loadCountries()));
}
