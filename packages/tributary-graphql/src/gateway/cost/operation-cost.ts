/** The cost of one operation, in units of the weights of its schema: by default, about one unit per object. */
export class OperationCost {
  readonly #estimate: () => number;
  #estimated: number | undefined;
  /** The most that is allowed; unset for no limit. */
  readonly max: number | undefined;

  constructor(estimate: () => number, max: number | undefined) {
    this.#estimate = estimate;
    this.max = max;
  }

  /** Computed from the document and its variables, before anything is executed. Of a subscription, for each event. */
  get estimate(): number {
    this.#estimated ??= this.#estimate();
    return this.#estimated;
  }
}
