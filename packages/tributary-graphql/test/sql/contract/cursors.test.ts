import fc from "fast-check";
import { testDatabases } from "tributary-testing/databases.ts";
import { describe, expect, test } from "vitest";
import { decodeCursor, encodeCursor } from "../../../src/relay/cursor.ts";
import type { OrderValues } from "../../../src/relay/order.ts";
import type { Database } from "../../../src/sql/database.ts";
import { useContractDatabase } from "./contract-database.ts";
import { boundOf, cursorList, cursorsIn } from "./cursors.ts";
import type { ContractDatabase } from "./item-table.ts";
import { expectOnAnyTables } from "./property.ts";
import { newRequest } from "./reader-arguments.ts";
import { orderFrom, orderPlans } from "./request-plans.ts";
import { propertyTimeoutMs } from "./runs.ts";
import type { Tables } from "./scenario.ts";

const badInput = expect.objectContaining({ code: "BAD_USER_INPUT" });
const timeout = propertyTimeoutMs;

const changes = fc.record({
  at: fc.nat(9_999),
  character: fc.constantFrom(..."ABCXYZabcxyz0189-_+/=é "),
  kind: fc.constantFrom("replace", "insert", "remove"),
});

const tampered = fc.record({ order: orderPlans, other: orderPlans, row: fc.nat(99), changes: fc.array(changes) });

/** The values of a forged cursor: of any type, also such as no column stores. */
const madeUp = fc.record({
  order: orderPlans,
  backward: fc.boolean(),
  values: fc.array(
    fc.oneof(
      fc.constantFrom(
        null,
        true,
        0.5,
        1e300,
        -1,
        "",
        "NaN",
        "Infinity",
        "-1e400",
        "9".repeat(40),
        "9223372036854775808",
      ),
      fc.constantFrom("2024-02-30", "0000-00-00", "2024-01-01 25:00:00", "10000-01-01", "9999-12-31T23:59:59.999999Z"),
      fc.constantFrom("1970-01-01", "1970-01-01 00:00:00.000001", "-0", "1.5", "\0", "\ud800", "' or 1 = 1 --"),
      fc.jsonValue({ maxDepth: 1 }),
    ),
    { minLength: 4, maxLength: 4 },
  ),
});

type Tampered = typeof tampered extends fc.Arbitrary<infer Value> ? Value : never;
type MadeUp = typeof madeUp extends fc.Arbitrary<infer Value> ? Value : never;

describe.each(testDatabases)("on %s", (name) => {
  const contract = useContractDatabase(name);

  test(
    "a cursor with one changed, additional or missing character, or of another order, is BAD_USER_INPUT",
    {
      timeout,
    },
    () => expectOnAnyTables(contract(), tampered, checkTampered),
  );

  test(
    "a forged cursor is a valid bound or BAD_USER_INPUT, never an error of the database",
    {
      timeout,
    },
    () => expectOnAnyTables(contract(), madeUp, checkMadeUp),
  );
});

async function checkTampered(database: Database<ContractDatabase>, tables: Tables, plan: Tampered): Promise<void> {
  const order = orderFrom(plan.order, tables);
  const cursors = [...(await cursorsIn(database, order)).values()];
  const cursor = cursors[plan.row % cursors.length];
  if (cursor === undefined) return;
  for (const change of plan.changes) {
    const changed = applied(change, cursor);
    if (changed !== cursor) expect(() => boundOf(order, changed)).toThrow(badInput);
  }
  const other = orderFrom(plan.other, tables);
  if (JSON.stringify(other) !== JSON.stringify(order)) expect(() => boundOf(other, cursor)).toThrow(badInput);
}

function applied({ at, character, kind }: Tampered["changes"][number], cursor: string): string {
  const index = at % cursor.length;
  const [start, end] = [cursor.slice(0, index), cursor.slice(index + (kind === "insert" ? 0 : 1))];
  return start + (kind === "remove" ? "" : character) + end;
}

async function checkMadeUp(database: Database<ContractDatabase>, tables: Tables, plan: MadeUp): Promise<void> {
  const order = orderFrom(plan.order, tables);
  const list = cursorList(order);
  const { reads } = newRequest(database);
  const reader = reads.page({ call: "items", table: "item", orderBy: list.orderBy });
  const bound = decoded(list, encodeCursor(list.madeFor, plan.values.slice(0, order.length) as OrderValues));
  if (bound === undefined) return;
  const window = { size: 3, backward: plan.backward, ...(plan.backward ? { before: bound } : { after: bound }) };
  await reader.load({ window }).then(
    ({ rows }) => expect(rows.length).toBeLessThanOrEqual(3),
    (error) => expect(error).toEqual(badInput),
  );
}

/** Undefined for an invalid cursor. */
function decoded(list: Parameters<typeof decodeCursor>[0], cursor: string): OrderValues | undefined {
  try {
    return decodeCursor(list, "after", cursor);
  } catch (error) {
    expect(error).toEqual(badInput);
    return undefined;
  }
}
