import { pathsOfApp } from "../app-paths.ts";
import { type Finding, finding, guidePath } from "./finding.ts";
import { type Growth, growthsIn } from "./growth.ts";
import type { Measurement } from "./measure.ts";
import type { CallRecord } from "./record.ts";
import { originWords, times } from "./words.ts";

/**
 * Faults of the executions themselves, independent of the record. No record accepts any of it: runs with errors prove
 * nothing, and calls that grow with the list are what the check is for.
 */
export function runFindings(measurement: Measurement, limits: CallRecord["keysPerCall"]): Finding[] {
  const failed = errorFindings(measurement);
  if (failed.length > 0) return failed;
  return [...unheldFindings(measurement), ...growthFindings(measurement, limits), ...listFindings(measurement)];
}

function errorFindings({ operation, runs }: Measurement): Finding[] {
  const of = (size: "small" | "large") =>
    [...new Set(runs.flatMap((sized) => sized[size].errors))].map((error) => `with the ${size} variables: ${error}`);
  const errors = [...of("small"), ...of("large")];
  return errors.length === 0 ? [] : [finding(operation, "its answer has errors, so that it proves nothing.", errors)];
}

function unheldFindings({ operation, runs }: Measurement): Finding[] {
  const names = new Set(runs.flatMap(({ small, large }) => [...small.unheld, ...large.unheld]));
  const advice = "Its source must wait before each call: await scope.calls.beforeCall?.()";
  return [...names].map((name) => finding(operation, `${name} did not wait for beforeCall.`, [advice]));
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
  const kind = isOnceForEach(growth) ? "once for each" : "more often for a longer list";
  const line = `${originWords(origin)}, called ${call} ${counts}: ${kind}${isSerial ? ", one after the other" : ""}.`;
  if (isSerial) return [`${line} Load side by side, through one batch for all parents: ${guidePath}`];
  return [
    `${line} Load through one batch for all parents: ${guidePath}`,
    `If its source takes no more than ${mostKeys === 1 ? "one key" : `${mostKeys} keys`} per call, say so: npx tributary calls record --keys-per-call ${call}=${mostKeys} --reason "…"`,
  ];
}

const forItems = (items: number | undefined, noun: string): string =>
  items === undefined ? "" : ` for ${items}${noun}`;

const isOnceForEach = ({ small, large }: Growth): boolean => small.calls === small.items && large.calls === large.items;

/** An operation whose lists never grow shows nothing about what grows with them. */
function listFindings(measurement: Measurement): Finding[] {
  const { lists, operation } = measurement;
  const still = listsThatDidNotGrow(measurement);
  if (lists.large.size === 0 || still.length < lists.large.size) return [];
  return [
    finding(operation, "none of its lists is longer in the large run, so that an N+1 would go unseen.", [
      `As long in both: ${still.join(", ")}`,
      `Choose variables for it in ${pathsOfApp().variables} with which at least one list grows to two objects or more; where a list has a fixed size, make the size a variable: first: $first`,
    ]),
  ];
}

/** `countries.nodes (4)`: the lists that are no longer in the large run, or have fewer than two objects there. */
export const listsThatDidNotGrow = ({ lists: { small, large } }: Pick<Measurement, "lists">): string[] =>
  [...large]
    .filter(([path, size]) => size < 2 || size <= (small.get(path) ?? 0))
    .map(([path, size]) => `${path} (${size})`);
