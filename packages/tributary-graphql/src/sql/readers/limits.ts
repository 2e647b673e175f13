import type { Database, TopPerParent } from "../database.ts";

/** PostgreSQL and SQLite take a list of keys as one parameter. */
const maxKeysPerList = 10_000;

/** MariaDB turns a longer list of values into a table that it joins, and then often reads the whole table instead. */
const maxValuesPerIn = 900;

/** A statement with more selects than this takes MariaDB longer to plan than two statements with half of them. */
const maxSelectsPerUnion = 250;

/** How many keys of so many columns one list of keys may have. */
export const keysPerList = ({ kind }: Pick<Database<unknown>, "kind">, columns: number): number =>
  kind === "mysql" ? Math.floor(maxValuesPerIn / columns) : maxKeysPerList;

/** How many parents one statement may have, each with so many selects. */
export const parentsPerStatement = (form: TopPerParent, selects: number): number =>
  form === "union" ? Math.max(1, Math.floor(maxSelectsPerUnion / selects)) : maxKeysPerList;
