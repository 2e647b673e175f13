import type { GraphQLError } from "graphql";
import type { IncrementalExecutor } from "graphql/execution/incremental/IncrementalExecutor.js";
import type { RequestLimits } from "../limits.ts";
import type { BatchScheduler } from "./batch-scheduler.ts";
import { ErrorBudget, LimitedErrors } from "./limited-errors.ts";
import { ObjectScheduler } from "./object-scheduler.ts";
import { ResultSize, streamSize } from "./result-size.ts";

type CollectedErrors = IncrementalExecutor["collectedErrors"];
type GroupedFieldSet = Parameters<IncrementalExecutor["executeFields"]>[3];

/** Shared by all parts of one answer. */
interface Shared {
  readonly limits: RequestLimits;
  /** Of all payloads together. */
  readonly total: ResultSize;
  readonly errors: ErrorBudget;
  readonly objects: ObjectScheduler;
}

/** The limits of an execution by graphql-js: of its result, its errors, and its work per event-loop iteration. */
export class FallbackLimits {
  readonly size: ResultSize;
  readonly #shared: Shared;

  private constructor(shared: Shared) {
    this.#shared = shared;
    this.size = new ResultSize(shared.limits, shared.total);
  }

  static of(limits: RequestLimits, batchScheduler: () => BatchScheduler): FallbackLimits {
    const total = streamSize(limits);
    return new FallbackLimits({
      limits,
      total,
      errors: new ErrorBudget(total),
      objects: new ObjectScheduler(batchScheduler, total),
    });
  }

  /** For an item of a streamed list. Each may be as large as a result, within the limits of all payloads together. */
  ofItem(): FallbackLimits {
    return new FallbackLimits(this.#shared);
  }

  /** @throws GraphQLError for an object that makes the result too large */
  addObject(fields: GroupedFieldSet): void {
    let characters = 2;
    for (const name of fields.keys()) characters += name.length + 6;
    this.size.add(fields.size, characters);
  }

  /** Whether the next object has to be postponed. True too while others are, to keep the order. */
  isTimeUp(): boolean {
    return this.#shared.objects.isTimeUp();
  }

  /** To be called when a field has returned a promise. */
  noticePromise(): void {
    this.#shared.objects.noticePromise();
  }

  /**
   * Does work in a later event-loop iteration, and holds the loaders' batches until all such work is done.
   *
   * @throws what the work throws
   */
  postpone<Result>(work: () => Result | PromiseLike<Result>): Promise<Result> {
    return this.#shared.objects.postpone(work);
  }

  /** Of all payloads together. */
  get total(): ResultSize {
    return this.#shared.total;
  }

  /** The error that ends the answer. Set when all payloads together have exceeded a limit. */
  get ending(): GraphQLError | undefined {
    return this.#shared.errors.ending;
  }

  /** Errors beyond the limit are not listed. Positions that they have made null stay null. */
  limitErrors(errors: CollectedErrors): LimitedErrors {
    return new LimitedErrors(errors, this.#shared.errors, this.size);
  }
}
