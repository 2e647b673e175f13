import {
  type ChildOptions,
  type ChildService,
  type ServiceName,
  serviceNames,
  startChildService,
} from "./child-service.ts";

export interface StartOptions {
  /** Milliseconds of latency of the sun service. Default 300. */
  readonly sunLatencyMs?: number;
  /** Interval of changes of the rates in milliseconds. Default 0: constant rates. */
  readonly ratesDriftMs?: number;
  /** The services to start. Default: all three. */
  readonly only?: readonly ServiceName[];
  /** Milliseconds until each service must be ready. Default 30,000. */
  readonly startTimeoutMs?: number;
  /** Called when a ready service exits unexpectedly. Default: writes a message to standard error. */
  readonly onExit?: ChildOptions["onExit"];
}

/** The base URLs of the services, without a trailing slash. */
export interface Services {
  readonly countriesUrl: string;
  readonly ratesUrl: string;
  readonly sunUrl: string;
  /** Ends the processes and resolves after their exit. Idempotent. */
  stop(): Promise<void>;
}

/** Like `Services`, for some of the services. */
export type SomeServices = Partial<Services> & Pick<Services, "stop">;

/**
 * Starts the embedded services in parallel, each in its own process on a free port of 127.0.0.1. They exit after
 * `stop()`, and when this process ends or is killed.
 * @throws Error that names the service that did not start, after the others are stopped
 * @example
 * const services = await startServices({ sunLatencyMs: 0 });
 * await fetch(`${services.countriesUrl}/countries?cca2=DE`);
 * await services.stop();
 */
export function startServices(options?: StartOptions & { only?: undefined }): Promise<Services>;
export function startServices(options: StartOptions): Promise<SomeServices>;
export async function startServices(options: StartOptions = {}): Promise<SomeServices> {
  const { sunLatencyMs = 300, ratesDriftMs = 0, only = serviceNames } = options;
  const { startTimeoutMs = 30_000, onExit = reportExit } = options;
  const environment = { SUN_LATENCY_MS: String(sunLatencyMs), RATES_DRIFT_MS: String(ratesDriftMs) };
  const started = await startAll([...new Set(only)], { environment, startTimeoutMs, onExit });
  return {
    countriesUrl: started.get("countries")?.url,
    ratesUrl: started.get("rates")?.url,
    sunUrl: started.get("sun")?.url,
    stop: () => stopAll([...started.values()]),
  };
}

async function startAll(names: readonly ServiceName[], options: ChildOptions): Promise<Map<ServiceName, ChildService>> {
  const starts = names.map(async (name) => [name, await startChildService(name, options)] as const);
  const outcomes = await Promise.allSettled(starts);
  const services = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
  const failure = outcomes.find((outcome) => outcome.status === "rejected");
  if (failure !== undefined) {
    await stopAll(services.map(([, service]) => service));
    throw failure.reason;
  }
  return new Map(services);
}

async function stopAll(services: readonly ChildService[]): Promise<void> {
  await Promise.all(services.map((service) => service.stop()));
}

function reportExit(name: ServiceName, code: number | null, lastLines: string): void {
  console.error(`The embedded service "${name}" exited with ${code ?? "a signal"}\n${lastLines}`.trimEnd());
}
