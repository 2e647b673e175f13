import {
  type ChildOptions,
  type ChildService,
  type ServiceName,
  serviceNames,
  startChildService,
} from "./child-service.ts";

export interface StartOptions {
  /** Milliseconds that the sun service waits before each answer. Default 300. */
  readonly sunLatencyMs?: number;
  /** How often the rates service changes its rates, in milliseconds. Default 0: never. */
  readonly ratesDriftMs?: number;
  /** Which to start. Default all three. */
  readonly only?: readonly ServiceName[];
  /** Milliseconds that each may take to start. Default 30 000. */
  readonly startTimeoutMs?: number;
  /** Called when a service ends by itself after it was ready. Default: writes a line to standard error. */
  readonly onExit?: ChildOptions["onExit"];
}

/** Base URLs, without a slash at the end, and the way to end what was started. */
export interface DemoServices {
  readonly countriesUrl: string;
  readonly ratesUrl: string;
  readonly sunUrl: string;
  /** Ends every process and resolves when they are gone. May be called again. */
  stop(): Promise<void>;
}

/** As DemoServices, when not all of them were asked for. */
export type SomeDemoServices = Partial<DemoServices> & Pick<DemoServices, "stop">;

/**
 * Starts the demo services side by side, each in its own process on a free port of 127.0.0.1. They end with `stop()`,
 * and by themselves when this process is gone, however it went.
 * @throws an error that names the service that did not start; the others are stopped by then.
 * @example
 * const services = await startDemoServices({ sunLatencyMs: 0 });
 * await fetch(`${services.countriesUrl}/countries?cca2=DE`);
 * await services.stop();
 */
export function startDemoServices(options?: StartOptions & { only?: undefined }): Promise<DemoServices>;
export function startDemoServices(options: StartOptions): Promise<SomeDemoServices>;
export async function startDemoServices(options: StartOptions = {}): Promise<SomeDemoServices> {
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
  console.error(`The demo service "${name}" ended with ${code ?? "a signal"}\n${lastLines}`.trimEnd());
}
