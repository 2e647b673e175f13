import { appPaths } from "../app-paths.ts";
import { type Finding, finding, guidePath } from "./finding.ts";
import { type Growth, growthsIn } from "./growth.ts";
import type { Measurement } from "./measure.ts";
import { originText, times } from "./origin-text.ts";
import type { CallRecord } from "./record.ts";

/**
 * Findings that do not depend on the record, and that no record accepts: errors, calls without `beforeCall`, and calls that
 * grow with the list.
 */
export function runFindings(measurement: Measurement, limits: CallRecord["keysPerCall"]): Finding[] {
  const failed = errorFindings(measurement);
  if (failed.length > 0) return failed;
  return [...beforeCallFindings(measurement), ...growthFindings(measurement, limits), ...listFindings(measurement)];
}

function errorFindings({ operation, runs }: Measurement): Finding[] {
  const of = (size: "small" | "large") =>
    [...new Set(runs.flatMap((sized) => sized[size].errors))].map((error) => `with the ${size} variables: ${error}`);
  const errors = [...of("small"), ...of("large")];
  return errors.length === 0
    ? []
    : [finding(operation, "the response has errors, so its calls are not checked.", errors)];
}

function beforeCallFindings({ operation, runs }: Measurement): Finding[] {
  const names = new Set(runs.flatMap(({ small, large }) => [...small.withoutBeforeCall, ...large.withoutBeforeCall]));
  const advice = "Add to its source, before the call: await scope.calls.beforeCall?.()";
  return [...names].map((name) => finding(operation, `the call ${name} did not await beforeCall.`, [advice]));
}

function growthFindings(measurement: Measurement, limits: CallRecord["keysPerCall"]): Finding[] {
  const growths = growthsIn(measurement, limits);
  if (growths.length === 0) return [];
  return [finding(measurement.operation, "calls grow with the list.", growths.flatMap(growthLines))];
}

function growthLines(growth: Growth): string[] {
  const { call, origin, small, large, mostKeys } = growth;
  const before = small.calls === 0 ? "never" : times(small.calls);
  const counts = `${before}${forItems(small.items, " items")} and ${times(large.calls)}${forItems(large.items, "")}`;
  const isSerial = large.steps > Math.max(1, small.steps);
  const kind = isOncePerItem(growth) ? "once per item" : "more often for a longer list";
  const line = `${originText(origin)}, called ${call} ${counts}: ${kind}${isSerial ? ", one after the other" : ""}.`;
  if (isSerial) return [`${line} Load all keys in one batch, without await in a loop: ${guidePath}`];
  return [
    `${line} Load all keys in one batch: ${guidePath}`,
    `If the source takes no more than ${mostKeys === 1 ? "one key" : `${mostKeys} keys`} per call, declare it: npx tributary calls record --keys-per-call ${call}=${mostKeys} --reason "…"`,
  ];
}

const forItems = (items: number | undefined, noun: string): string =>
  items === undefined ? "" : ` for ${items}${noun}`;

const isOncePerItem = ({ small, large }: Growth): boolean => small.calls === small.items && large.calls === large.items;

/** Without a list that grows, the check cannot detect calls that grow with a list. */
function listFindings(measurement: Measurement): Finding[] {
  const { lists, operation } = measurement;
  const constant = listsThatDidNotGrow(measurement);
  if (lists.large.size === 0 || constant.length < lists.large.size) return [];
  return [
    finding(operation, "no list grows with the large variables, so an N+1 is not detected.", [
      `Lists that do not grow: ${constant.join(", ")}`,
      `Choose large variables in ${appPaths().variables} with which at least one list grows to two objects or more. If the size of a list is fixed, use a variable: first: $first`,
    ]),
  ];
}

/** The lists that do not grow with the large variables, or have fewer than two objects with them: `countries.nodes (4)`. */
export const listsThatDidNotGrow = ({ lists: { small, large } }: Pick<Measurement, "lists">): string[] =>
  [...large]
    .filter(([path, size]) => size < 2 || size <= (small.get(path) ?? 0))
    .map(([path, size]) => `${path} (${size})`);
