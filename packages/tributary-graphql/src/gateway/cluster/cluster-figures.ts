import type { Figures, FigureValue } from "../telemetry/metrics/figures.ts";

/** A worker whose figures can be read. */
export interface CountedWorker {
  readonly exited: Promise<unknown>;
  /** Rejects when the worker exits first. */
  figures(): Promise<readonly Figures[]>;
}

/** How long a scrape waits for the figures of a worker, in milliseconds. Then its last ones count. */
const timeoutMs = 1_000;

/**
 * The figures of all workers. Counts of a worker that has exited stay: a sum that falls would look like a restart of
 * everything to Prometheus.
 */
export class ClusterFigures<Worker extends CountedWorker> {
  /** The last figures of each running worker. */
  readonly #last = new Map<Worker, readonly Figures[]>();
  #ofExited: readonly Figures[] = [];

  /** Has to be called once for each worker. */
  add(worker: Worker): void {
    this.#last.set(worker, []);
    void worker.exited.then(() => {
      const last = this.#last.get(worker) ?? [];
      this.#last.delete(worker);
      this.#ofExited = sumOf(this.#ofExited, last.filter(isCount));
    });
  }

  /** Replaces the figures of a worker, which sent them before it exits. */
  set(worker: Worker, figures: readonly Figures[]): void {
    if (this.#last.has(worker)) this.#last.set(worker, figures);
  }

  /** The figures of each running worker, and last those of all that have exited. */
  async read(): Promise<readonly (readonly Figures[])[]> {
    await Promise.all([...this.#last.keys()].map((worker) => this.#update(worker)));
    const running = [...this.#last.values()].filter((figures) => figures.length > 0);
    return this.#ofExited.length > 0 ? [...running, this.#ofExited] : running;
  }

  async #update(worker: Worker): Promise<void> {
    const late = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => late.resolve(undefined), timeoutMs);
    try {
      const figures = await Promise.race([worker.figures(), late.promise]);
      if (figures !== undefined) this.set(worker, figures);
    } catch {
      // It has exited, or cannot answer: its last figures count.
    } finally {
      clearTimeout(timer);
    }
  }
}

const isCount = ({ type }: Figures): boolean => type === "counter" || type === "histogram";

function sumOf(left: readonly Figures[], right: readonly Figures[]): Figures[] {
  const byName = new Map(left.map((figures) => [figures.name, figures]));
  for (const figures of right) {
    const before = byName.get(figures.name)?.values ?? [];
    byName.set(figures.name, { ...figures, values: sumOfValues(before, figures.values) });
  }
  return [...byName.values()];
}

function sumOfValues(left: readonly FigureValue[], right: readonly FigureValue[]): FigureValue[] {
  const byKey = new Map(left.map((value) => [keyOf(value), value]));
  for (const value of right) {
    const key = keyOf(value);
    byKey.set(key, { ...value, value: value.value + (byKey.get(key)?.value ?? 0) });
  }
  return [...byKey.values()];
}

const keyOf = ({ metricName, labels }: FigureValue): string => JSON.stringify([metricName, labels]);
