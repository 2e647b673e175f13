/**
 * Atlas' REST services behind one proxy that counts their calls and can make them slow: `/countries-api`, `/rates-api` and
 * `/sun-api`. It remembers answers, because the services take longer to make them than everything that is measured here,
 * and gives them out without what lets a cache keep them.
 *
 *     node bench/upstream/atlas.ts --port 0
 */
import { parseArgs } from "node:util";
import { startServices } from "../../atlas/services/start-services.ts";
import { type Body, type CountedServer, startCountedServer } from "./counted-server.ts";

export async function startAtlasServices(port = 0): Promise<CountedServer> {
  const services = await startServices({ sunLatencyMs: 0 });
  const baseUrls: Readonly<Record<string, string>> = {
    "countries-api": services.countriesUrl,
    "rates-api": services.ratesUrl,
    "sun-api": services.sunUrl,
  };
  const known = new Map<string, Promise<Body>>();
  const find = async (target: string): Promise<Body> => {
    const [, service = "", ...rest] = target.split("/");
    const baseUrl = baseUrls[service];
    if (baseUrl === undefined) return undefined;
    const response = await fetch(`${baseUrl}/${rest.join("/")}`);
    return response.ok ? Buffer.from(await response.arrayBuffer()) : undefined;
  };
  const server = await startCountedServer(port, (target) => {
    const body = known.get(target) ?? find(target);
    known.set(target, body);
    return body;
  });
  return {
    url: server.url,
    close: async () => {
      await server.close();
      await services.stop();
    },
  };
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { port: { type: "string", default: "0" } } });
  const { url } = await startAtlasServices(Number(values.port));
  console.log(`listening on ${url}`);
}
