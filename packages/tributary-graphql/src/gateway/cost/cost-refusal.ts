import type { GraphQLError } from "graphql";
import { clipped } from "../../core/thrown-values.ts";
import { refusal } from "../security/refusal.ts";
import type { ExpensivePath } from "./expensive-path.ts";
import { maxEstimate } from "./schema-costs.ts";

/** The operation is estimated to cost more than is allowed. */
export function tooExpensive(estimate: number, max: number, { path, cost }: ExpensivePath): GraphQLError {
  const message =
    `The operation has an estimated cost of ${shownCost(estimate)}; at most ${shownCost(max)} is allowed. ` +
    `The most expensive part is ${clipped(path, 200)}: ${shownCost(cost)} of ${shownCost(estimate)}. ` +
    "Ask for shorter lists, or for less of each item.";
  return refusal("LIMIT_EXCEEDED", message, {
    status: 400,
    isDocumentFault: true,
    extensions: { cost: { estimate, max } },
  });
}

/** With thousands separators, and at most two decimals. */
const numbers = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });

const shownCost = (cost: number): string =>
  cost >= maxEstimate ? `more than ${numbers.format(maxEstimate)}` : numbers.format(cost);
