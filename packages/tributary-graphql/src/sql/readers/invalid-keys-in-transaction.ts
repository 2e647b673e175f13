import { type Kysely, sql } from "kysely";
import type { KeyValues } from "../statements/keys.ts";
import type { Parents } from "../statements/parents.ts";

/** Tells the settings apart that the checks of one transaction leave their results in. */
let checks = 0;

/**
 * Which of these keys PostgreSQL takes for no values of their columns, found without failing: one statement that converts
 * each in a subtransaction of its own. Savepoints would take with them what somebody else writes in the same transaction
 * meanwhile.
 */
export async function refusedWithin<Schema>(
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
  // It is not written to any table, as plugins would take it for.
  const plain = db.withoutPlugins();
  await sql.raw(`do ${quoted(body)}`).execute(plain);
  const { rows } = await sql<{ refused: string }>`select current_setting(${setting}) as refused`.execute(plain);
  const ordinals = new Set(rows[0]?.refused.split(","));
  return keys.filter((_, index) => ordinals.has(String(index + 1)));
}

const textsOf = (keys: readonly KeyValues[], index: number): string =>
  keys.map((key) => quoted(String(key[index] ?? ""))).join(", ");

/** As the server reads it: connections have `standard_conforming_strings` on. */
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const quotedName = (name: string): string =>
  name
    .split(".")
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join(".");
