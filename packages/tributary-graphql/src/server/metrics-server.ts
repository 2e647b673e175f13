import type { Logger } from "pino";
import { jsonResponse } from "../gateway/http/json-response.ts";
import { createMetricsEndpoint } from "../gateway/http/metrics-endpoint.ts";
import { listen } from "../gateway/http/node-server.ts";
import type { EngineConfig } from "./settings/engine-settings.ts";

export interface MetricsServer {
  close(): Promise<void>;
}

/**
 * Serves `/metrics` on a port of its own, where the settings name one.
 *
 * @throws Error with one line that names METRICS_HOST and METRICS_PORT
 */
export async function openMetricsServer(
  config: Pick<EngineConfig, "metrics" | "metricsHost" | "metricsPort" | "metricsToken">,
  logger: Logger,
  text: () => Promise<string>,
): Promise<MetricsServer | undefined> {
  const { metrics, metricsHost: host, metricsPort, metricsToken: token } = config;
  if (!metrics || metricsPort === undefined) return undefined;
  const endpoint = createMetricsEndpoint({ text, token });
  const answer = async (request: Request): Promise<Response> =>
    URL.parse(request.url)?.pathname === "/metrics" ? endpoint(request) : notFound();
  const settings = { host: "METRICS_HOST", port: "METRICS_PORT" };
  const server = await listen(answer, { host, port: metricsPort }, logger, undefined, undefined, undefined, {
    settings,
  });
  logger.info({ host, port: server.port }, "metrics are served at /metrics");
  return {
    async close() {
      const closed = server.close();
      server.destroy();
      await closed;
    },
  };
}

const notFound = (): Response => jsonResponse({ error: "Not found. The metrics are at /metrics." }, 404);
