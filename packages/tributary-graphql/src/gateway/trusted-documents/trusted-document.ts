import type { BudgetBreaches, EndedRequest } from "./budget-breaches.ts";
import type { CallBudget } from "./call-budget.ts";

/** A document of a manifest. It was parsed and validated when the gateway was created. */
export class TrustedDocument {
  /** The SHA-256 of its text, in lower-case hexadecimal. */
  readonly hash: string;
  readonly text: string;
  /** The first manifest that has it. */
  readonly file: string;
  #budget: CallBudget | undefined;
  readonly #breaches: BudgetBreaches;

  constructor(hash: string, text: string, file: string, breaches: BudgetBreaches) {
    this.hash = hash;
    this.text = text;
    this.file = file;
    this.#breaches = breaches;
  }

  /** Unset where no manifest has one. */
  get budget(): CallBudget | undefined {
    return this.#budget;
  }

  /** A budget that it has already stays. */
  addBudget(budget: CallBudget | undefined): void {
    this.#budget ??= budget;
  }

  /** Compares the calls of a request, or of an event of a subscription, with the budget. */
  checkBudget(ended: EndedRequest): void {
    if (this.#budget) this.#breaches.check(this.#budget, ended);
  }
}
