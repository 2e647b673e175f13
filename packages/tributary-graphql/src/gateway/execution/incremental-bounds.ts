import type { GraphQLError } from "graphql";
import type { IncrementalExecutor } from "graphql/execution/incremental/IncrementalExecutor.js";
import type { RequestLimits } from "../limits.ts";
import type { HeldBatches } from "./held-batches.ts";
import { ErrorBudget, LimitedErrors } from "./limited-errors.ts";
import { PausedObjects } from "./paused-objects.ts";
import { ResultSize, streamSize } from "./result-size.ts";

type CollectedErrors = IncrementalExecutor["collectedErrors"];
type GroupedFieldSet = Parameters<IncrementalExecutor["executeFields"]>[3];

/** What all parts of one streamed answer share. */
interface Shared {
  readonly limits: RequestLimits;
  /** Of all payloads together. */
  readonly total: ResultSize;
  readonly errors: ErrorBudget;
  readonly paused: PausedObjects;
}

/** The bounds of what graphql-js executes: of its result, its errors, and its work in one turn of the event loop. */
export class IncrementalBounds {
  readonly size: ResultSize;
  readonly #shared: Shared;

  private constructor(shared: Shared) {
    this.#shared = shared;
    this.size = new ResultSize(shared.limits, shared.total);
  }

  static of(limits: RequestLimits, batches: () => HeldBatches): IncrementalBounds {
    const total = streamSize(limits);
    return new IncrementalBounds({
      limits,
      total,
      errors: new ErrorBudget(total),
      paused: new PausedObjects(batches, total),
    });
  }

  /** Items of a streamed list are many, and wait for the client: each may be as large as a result. */
  ofItem(): IncrementalBounds {
    return new IncrementalBounds(this.#shared);
  }

  /** @throws GraphQLError for an object that makes the result too large */
  addObject(fields: GroupedFieldSet): void {
    let characters = 2;
    for (const name of fields.keys()) characters += name.length + 6;
    this.size.add(fields.size, characters);
  }

  /** Whether an object that begins has to wait: behind those that wait already, too. */
  isTimeUp(): boolean {
    return this.#shared.paused.isTimeUp();
  }

  /** To be called when a field has given a promise. */
  noticePromise(): void {
    this.#shared.paused.noticePromise();
  }

  /**
   * Does work in a later turn of the event loop. As long as there is any the batches of the loaders are held.
   *
   * @throws what the work throws
   */
  later<Result>(work: () => Result | PromiseLike<Result>): Promise<Result> {
    return this.#shared.paused.later(work);
  }

  /** Of all payloads together. */
  get total(): ResultSize {
    return this.#shared.total;
  }

  /** Set when all payloads together have exceeded a limit: the error that ends the answer. */
  get ending(): GraphQLError | undefined {
    return this.#shared.errors.ending;
  }

  /** Errors beyond the limit are not listed. What they make null stays so. */
  limitErrors(errors: CollectedErrors): LimitedErrors {
    return new LimitedErrors(errors, this.#shared.errors, this.size);
  }
}
