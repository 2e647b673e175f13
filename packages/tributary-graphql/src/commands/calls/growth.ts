import type { CallOrigin } from "./call-origin.ts";
import { itemsAround, type ListSizes } from "./list-sizes.ts";
import type { ObservedCall } from "./lockstep-call-log.ts";
import type { Measurement, SizedRuns } from "./measure.ts";
import type { CallRecord } from "./record.ts";
import type { Run } from "./run-operation.ts";

/** A field that makes a call more often for a longer list. */
export interface Growth {
  readonly call: string;
  readonly origin: CallOrigin | undefined;
  readonly small: GrowthAt;
  readonly large: GrowthAt;
  /** The maximum number of keys of one of these calls. */
  readonly mostKeys: number;
}

export interface GrowthAt {
  readonly calls: number;
  /** The number of distinct steps of these calls: equal to `calls` when each waited for the one before. */
  readonly steps: number;
  /** The number of objects in the innermost list around the field. Undefined outside of lists. */
  readonly items: number | undefined;
}

type Limits = CallRecord["keysPerCall"];

/**
 * The fields whose calls grow with the list. A field that was not executed for the short list may make one call for the
 * longer one. With a limit of keys per call, calls may grow with the number of keys if they are concurrent.
 */
export function growthsIn({ runs, lists }: Measurement, limits: Limits): Growth[] {
  const growths = runs.flatMap((sized) =>
    growthsBetween(sized, lists).filter((growth) => !isAllowed(growth, sized, limits)),
  );
  return growths.filter((growth, index) => growths.findIndex((other) => keyOf(other) === keyOf(growth)) === index);
}

function growthsBetween({ small, large }: SizedRuns, lists: Measurement["lists"]): Growth[] {
  const before = Map.groupBy(small.calls, groupOf);
  return [...Map.groupBy(large.calls, groupOf)].flatMap(([group, calls]) => {
    const [first] = calls;
    if (!first) return [];
    const growth: Growth = {
      call: first.name,
      origin: first.origin,
      small: at(before.get(group) ?? [], lists.small, first.origin),
      large: at(calls, lists.large, first.origin),
      mostKeys: Math.max(...calls.map(({ keys }) => keys)),
    };
    return isGrowth(growth) ? growth : [];
  });
}

const at = (calls: readonly ObservedCall[], sizes: ListSizes, origin: CallOrigin | undefined): GrowthAt => ({
  calls: calls.length,
  steps: new Set(calls.map(({ step }) => step)).size,
  items: itemsAround(sizes, origin?.path ?? []),
});

const isGrowth = ({ small, large }: Growth): boolean => large.calls > Math.max(1, small.calls);

function isAllowed({ call, small, large }: Growth, runs: SizedRuns, limits: Limits): boolean {
  const limit = limits[call];
  if (!limit || large.steps > Math.max(1, small.steps)) return false;
  const moreKeys = keysOf(call, runs.large) - keysOf(call, runs.small);
  return large.calls - small.calls <= Math.ceil(moreKeys / limit.keys);
}

const keysOf = (call: string, { calls }: Run): number =>
  calls.filter(({ name }) => name === call).reduce((sum, { keys }) => sum + keys, 0);

/** Groups calls by name, field and response path. */
const groupOf = ({ name, origin }: Pick<ObservedCall, "name" | "origin">): string =>
  [name, origin?.coordinate, ...(origin?.path ?? [])].join(" ");

const keyOf = ({ call, origin }: Growth): string => groupOf({ name: call, origin });
