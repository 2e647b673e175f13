import { cases } from "./cases.ts";
import type { ControlledFields } from "./controlled-fields.ts";
import type { Driver } from "./driver.ts";
import { type Outcome, runCase } from "./run-case.ts";
import { runSubscription } from "./run-subscription.ts";

/** The outcome of a column of the table for one client. */
export function runColumn(driver: Driver, column: string, url: string, fields: ControlledFields): Promise<Outcome> {
  if (column === "subscription") return runSubscription(driver, url);
  const testCase = cases.find(({ title }) => title === column);
  if (testCase === undefined) throw new Error(`There is no case ${column}.`);
  return runCase(driver, testCase, url, fields);
}
