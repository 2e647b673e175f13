import type { Database, TopPerParent } from "../database.ts";

/** For PostgreSQL and SQLite, where a list of keys is one parameter. */
const maxKeysPerList = 10_000;

/** MariaDB converts a longer list of values to a temporary table, and then often chooses a full table scan. */
const maxValuesPerIn = 900;

/** MariaDB takes longer to plan a larger union than two unions of half its size. */
const maxSelectsPerUnion = 250;

/** The maximum number of keys per list, for keys of this many columns. */
export const keysPerList = ({ kind }: Pick<Database<unknown>, "kind">, columns: number): number =>
  kind === "mysql" ? Math.floor(maxValuesPerIn / columns) : maxKeysPerList;

/** The maximum number of parents per statement, with this many selects per parent. */
export const parentsPerStatement = (strategy: TopPerParent, selects: number): number =>
  strategy === "union" ? Math.max(1, Math.floor(maxSelectsPerUnion / selects)) : maxKeysPerList;
