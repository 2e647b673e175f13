import type { Logger } from "pino";
import { serviceNames } from "./child-service.ts";
import { type SomeDemoServices, startDemoServices } from "./spawn.ts";

export interface EmbeddedSettings {
  /** Base URL of a service of the operator's own; undefined for the embedded one. */
  readonly countriesUrl: string | undefined;
  readonly ratesUrl: string | undefined;
  readonly sunUrl: string | undefined;
  readonly sunLatencyMs: number;
  readonly ratesDriftMs: number;
}

/** Starts those services that have no URL. One that ends by itself later is logged. */
export function startEmbeddedServices(settings: EmbeddedSettings, logger: Logger): Promise<SomeDemoServices> {
  return startDemoServices({
    only: serviceNames.filter((name) => settings[`${name}Url`] === undefined),
    sunLatencyMs: settings.sunLatencyMs,
    ratesDriftMs: settings.ratesDriftMs,
    onExit: (service, code, lastLines) =>
      logger.error({ service, code, lastLines }, "an embedded service ended by itself"),
  });
}
