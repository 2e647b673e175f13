import { type Kysely, sql } from "kysely";
import type { KeyValues } from "../statements/keys.ts";
import type { Parents } from "../statements/parents.ts";

/** Numbers the settings with the results of checks, so that checks in the same transaction do not share a setting. */
let checks = 0;

/**
 * Finds the invalid keys without a failed statement: one `do` block converts each key in its own subtransaction.
 * Savepoints would not do: a rollback to one would undo concurrent writes of the same transaction.
 */
export async function invalidKeysInTransaction<Schema>(
  db: Kysely<Schema>,
  { table, columns }: Parents,
  keys: readonly KeyValues[],
): Promise<readonly KeyValues[]> {
  if (keys.length === 0) return [];
  checks += 1;
  const setting = `tributary.refused_${checks}`;
  const variables = columns.map((column, index) => `value${index} ${quotedName(`${table}.${column}`)}%type;`);
  const lists = columns.map((_, index) => `list${index} text[] := array[${textsOf(keys, index)}];`);
  const assigned = columns.map((_, index) => `value${index} := list${index}[i];`);
  const body = `declare ${[...variables, ...lists].join(" ")} refused integer[] := '{}';
    begin
      for i in 1..${keys.length} loop
        begin ${assigned.join(" ")}
        exception when data_exception or check_violation or not_null_violation then refused := refused || i;
        end;
      end loop;
      perform set_config(${quoted(setting)}, array_to_string(refused, ','), true);
    end`;
  // Without plugins, because a change tracker would take the `do` block for a write.
  const plain = db.withoutPlugins();
  await sql.raw(`do ${quoted(body)}`).execute(plain);
  const { rows } = await sql<{ refused: string }>`select current_setting(${setting}) as refused`.execute(plain);
  const ordinals = new Set(rows[0]?.refused.split(","));
  return keys.filter((_, index) => ordinals.has(String(index + 1)));
}

const textsOf = (keys: readonly KeyValues[], index: number): string =>
  keys.map((key) => quoted(String(key[index] ?? ""))).join(", ");

/** Correct because connections have `standard_conforming_strings` on. */
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const quotedName = (name: string): string =>
  name
    .split(".")
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join(".");
