import type { GraphQLError } from "graphql";
import type { IncrementalExecutor } from "graphql/execution/incremental/IncrementalExecutor.js";
import { maxExcessErrors, type ResultSize, tooManyErrors, tooManyStreamErrors } from "./result-size.ts";

type CollectedErrors = IncrementalExecutor["collectedErrors"];

/** The errors that all payloads of one answer may list together, and the error that ends it. */
export class ErrorBudget {
  readonly #total: ResultSize;
  readonly #max: number;
  #listed = 0;
  #excessErrors = 0;
  #unlisted: GraphQLError | undefined;

  /** @param total of all payloads together, with the number of errors that they may list */
  constructor(total: ResultSize) {
    this.#total = total;
    this.#max = total.limits.resultErrors;
  }

  /** Set when no payload is to follow. */
  get ending(): GraphQLError | undefined {
    return this.#total.excess ?? (this.#listed > this.#max ? tooManyStreamErrors(this.#max) : undefined);
  }

  /** Set when no further error is listed: it stands for all of them, which are costly to make. */
  get unlisted(): GraphQLError | undefined {
    return this.#unlisted;
  }

  /** The error that is listed for this one, if any is. */
  take(error: GraphQLError): GraphQLError | undefined {
    if (this.#unlisted) return undefined;
    const isTooMany = this.#listed++ === this.#max;
    const isTooLarge = this.#total.isExcess(error) && ++this.#excessErrors > maxExcessErrors;
    if (!isTooMany && !isTooLarge) return error;
    this.#unlisted = error;
    return isTooMany ? tooManyErrors(this.#max, error) : this.#total.excessInMore(error);
  }
}

/** The errors of one part of an answer: those beyond the limits are not listed. The positions that they make null stay so. */
export class LimitedErrors {
  readonly #budget: ErrorBudget;
  readonly #size: ResultSize;
  #excessErrors = 0;
  #unlistedExcess: GraphQLError | undefined;

  /** @param size of the result that the part belongs to */
  constructor(errors: CollectedErrors, budget: ErrorBudget, size: ResultSize) {
    this.#budget = budget;
    this.#size = size;
    const add = errors.add.bind(errors);
    errors.add = (error, path) => {
      if (errors.hasNulledPosition(path)) return;
      const listed = this.#take(error);
      add(listed ?? error, path);
      // Its position is to be known as null all the same: nothing below it is announced.
      if (!listed && Array.isArray(errors.errors)) errors.errors.pop();
    };
  }

  /** The error to go on with for one that was thrown: one that is not listed anyway need not be made. */
  standInFor(thrown: unknown): unknown {
    if (this.#budget.unlisted) return this.#budget.unlisted;
    return this.#unlistedExcess && this.#size.isExcess(thrown) ? this.#unlistedExcess : thrown;
  }

  #take(error: GraphQLError): GraphQLError | undefined {
    if (!this.#size.isExcess(error)) return this.#budget.take(error);
    if (this.#unlistedExcess) return undefined;
    if (++this.#excessErrors <= maxExcessErrors) return this.#budget.take(error);
    this.#unlistedExcess = error;
    return this.#budget.take(this.#size.excessInMore(error));
  }
}
