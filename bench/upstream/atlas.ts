/**
 * A proxy for Atlas' REST services that counts calls and simulates latency: `/countries-api`, `/rates-api` and `/sun-api`.
 * It caches responses, because the services are slower than the measured servers, and removes their caching headers.
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
  const cache = new Map<string, Promise<Body>>();
  const find = async (target: string): Promise<Body> => {
    const [, service = "", ...rest] = target.split("/");
    const baseUrl = baseUrls[service];
    if (baseUrl === undefined) return undefined;
    const response = await fetch(`${baseUrl}/${rest.join("/")}`);
    return response.ok ? Buffer.from(await response.arrayBuffer()) : undefined;
  };
  const server = await startCountedServer(port, (target) => {
    const body = cache.get(target) ?? find(target);
    cache.set(target, body);
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
