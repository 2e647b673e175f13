import { cases } from "./cases.ts";
import type { Driver } from "./driver.ts";
import { type Outcome, runCase } from "./run-case.ts";
import { runSubscription } from "./run-subscription.ts";
import type { Scene } from "./scene.ts";

/** What comes of a column of the table for one client. */
export function runColumn(driver: Driver, column: string, url: string, scene: Scene): Promise<Outcome> {
  if (column === "subscription") return runSubscription(driver, url);
  const tried = cases.find(({ title }) => title === column);
  if (tried === undefined) throw new Error(`No case is called ${column}.`);
  return runCase(driver, tried, url, scene);
}
