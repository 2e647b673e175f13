import type { Logger } from "pino";
import { serviceNames } from "./child-service.ts";
import { type SomeServices, startServices } from "./start-services.ts";

export interface EmbeddedSettings {
  /** Base URL of an external service; undefined for the embedded one. */
  readonly countriesUrl: string | undefined;
  readonly ratesUrl: string | undefined;
  readonly sunUrl: string | undefined;
  readonly sunLatencyMs: number;
  readonly ratesDriftMs: number;
}

/** Starts the services without a URL. An unexpected exit is logged. */
export function startEmbeddedServices(settings: EmbeddedSettings, logger: Logger): Promise<SomeServices> {
  return startServices({
    only: serviceNames.filter((name) => settings[`${name}Url`] === undefined),
    sunLatencyMs: settings.sunLatencyMs,
    ratesDriftMs: settings.ratesDriftMs,
    onExit: (service, code, lastLines) =>
      logger.error({ service, code, lastLines }, "an embedded service exited unexpectedly"),
  });
}
