import type { GraphQLError } from "graphql";
import type { IncrementalExecutor } from "graphql/execution/incremental/IncrementalExecutor.js";
import { maxSizeErrors, type ResultSize, tooManyErrors, tooManyStreamErrors } from "./result-size.ts";

type CollectedErrors = IncrementalExecutor["collectedErrors"];

/** Counts the errors that all payloads of one answer may list together, and knows the error that ends the answer. */
export class ErrorBudget {
  readonly #total: ResultSize;
  readonly #max: number;
  #listed = 0;
  #sizeErrors = 0;
  #unlisted: GraphQLError | undefined;

  /** @param total of all payloads together; its limits include the number of errors */
  constructor(total: ResultSize) {
    this.#total = total;
    this.#max = total.limits.resultErrors;
  }

  /** Set when no payload may follow. */
  get ending(): GraphQLError | undefined {
    return this.#total.sizeError ?? (this.#listed > this.#max ? tooManyStreamErrors(this.#max) : undefined);
  }

  /** Set when no further error is listed. It replaces all of them, since errors are costly to make. */
  get unlisted(): GraphQLError | undefined {
    return this.#unlisted;
  }

  /** The error to list for this one; undefined for none. */
  take(error: GraphQLError): GraphQLError | undefined {
    if (this.#unlisted) return undefined;
    const isTooMany = this.#listed++ === this.#max;
    const isTooLarge = this.#total.isSizeError(error) && ++this.#sizeErrors > maxSizeErrors;
    if (!isTooMany && !isTooLarge) return error;
    this.#unlisted = error;
    return isTooMany ? tooManyErrors(this.#max, error) : this.#total.furtherSizeErrors(error);
  }
}

/** The errors of one part of an answer. Errors beyond the limits are not listed; positions that they have made null stay null. */
export class LimitedErrors {
  readonly #budget: ErrorBudget;
  readonly #size: ResultSize;
  #sizeErrors = 0;
  #unlistedSizeError: GraphQLError | undefined;

  /** @param size of the result that the part belongs to */
  constructor(errors: CollectedErrors, budget: ErrorBudget, size: ResultSize) {
    this.#budget = budget;
    this.#size = size;
    const add = errors.add.bind(errors);
    errors.add = (error, path) => {
      if (errors.hasNulledPosition(path)) return;
      const listed = this.#take(error);
      add(listed ?? error, path);
      // graphql-js still has to know the position as null: no part below it may be announced.
      if (!listed && Array.isArray(errors.errors)) errors.errors.pop();
    };
  }

  /** The error to use for a thrown value: the same one for all that are not listed, since errors are costly to make. */
  errorFor(thrown: unknown): unknown {
    if (this.#budget.unlisted) return this.#budget.unlisted;
    return this.#unlistedSizeError && this.#size.isSizeError(thrown) ? this.#unlistedSizeError : thrown;
  }

  #take(error: GraphQLError): GraphQLError | undefined {
    if (!this.#size.isSizeError(error)) return this.#budget.take(error);
    if (this.#unlistedSizeError) return undefined;
    if (++this.#sizeErrors <= maxSizeErrors) return this.#budget.take(error);
    this.#unlistedSizeError = error;
    return this.#budget.take(this.#size.furtherSizeErrors(error));
  }
}
