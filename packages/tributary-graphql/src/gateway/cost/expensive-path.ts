import type { CostAnalysis, Selections } from "./cost-analysis.ts";
import { saturated } from "./schema-costs.ts";

export interface ExpensivePath {
  /** Names of fields, separated by dots. */
  readonly path: string;
  /** The cost of all that is selected there. */
  readonly cost: number;
}

/** How many objects of the operation are looked into. */
const maxVisited = 5_000;

/** Selections, and how often they are executed. */
interface Occurrence {
  readonly selections: Selections;
  readonly times: number;
}

/**
 * The longest path of fields that has at least half of the cost of an operation. Fields that are selected under several
 * aliases count together.
 */
export function expensivePath(analysis: CostAnalysis, total: number): ExpensivePath {
  const { root } = analysis;
  let occurrences: readonly Occurrence[] = root ? [{ selections: root, times: 1 }] : [];
  const names: string[] = [];
  let cost = total;
  let visited = 0;
  while (visited < maxVisited) {
    const byName = new Map<string, { cost: number; within: Occurrence[] }>();
    for (const { selections, times } of occurrences) {
      for (const field of analysis.fieldsOf(selections)) {
        visited++;
        const { own, isSized, count, each, within } = analysis.estimateField(field, selections);
        const values = saturated(times * count * (isSized ? selections.size : 1));
        const { name } = field.cost.field;
        const sum = byName.get(name) ?? { cost: 0, within: [] };
        sum.cost = saturated(sum.cost + times * own + values * each);
        if (within) sum.within.push({ selections: within, times: values });
        byName.set(name, sum);
      }
    }
    const [largest] = [...byName].sort(([, one], [, other]) => other.cost - one.cost);
    if (largest === undefined || (names.length > 0 && largest[1].cost < total / 2)) break;
    names.push(largest[0]);
    cost = largest[1].cost;
    occurrences = largest[1].within;
  }
  return { path: names.join("."), cost };
}
