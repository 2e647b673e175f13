import { CallMetrics } from "./call-metrics.ts";
import type { Figures } from "./figures.ts";
import { OperationNames } from "./operation-names.ts";
import { processFigures, prometheusText } from "./prometheus-text.ts";
import { RequestMetrics } from "./request-metrics.ts";

/** The metrics of a gateway, and of its process. */
export interface GatewayMetrics {
  /** In Prometheus' text format, version 0.0.4. */
  text(): Promise<string>;
  /** As JSON: a process that sums the figures of several takes it. */
  figures(): Promise<readonly Figures[]>;
}

/** Counts what a gateway does. Nothing is written until the figures are read. */
export class Metrics implements GatewayMetrics {
  readonly requests: RequestMetrics;
  readonly calls = new CallMetrics();
  readonly #state: () => readonly Figures[];

  /** @param state the figures that other parts of the gateway keep */
  constructor(operationNames: readonly string[] | undefined, state: () => readonly Figures[]) {
    this.requests = new RequestMetrics(new OperationNames(operationNames));
    this.#state = state;
  }

  async text(): Promise<string> {
    return prometheusText([await this.figures()]);
  }

  async figures(): Promise<readonly Figures[]> {
    const own = [...this.requests.figures(), ...this.calls.figures(), ...this.#state()];
    return [...own, ...(await processFigures())];
  }
}
