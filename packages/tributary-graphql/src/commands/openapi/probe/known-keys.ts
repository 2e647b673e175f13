import type { RestKey } from "../../../rest/reads.ts";
import type { BatchDeclaration } from "./declaration.ts";
import { broken, type Finding, holds, notTested, seen } from "./finding.ts";
import { hasKey, type KeyedRows, keyedRows, unaskedKeys } from "./rows.ts";
import type { Answer, ProbedService } from "./service.ts";

/** The service's response to known keys. Three calls. */
export async function probeKnownKeys(
  service: ProbedService,
  declaration: BatchDeclaration,
  keys: readonly RestKey[],
): Promise<Finding[]> {
  const answer = await service.ask(keys);
  const rows = keyedRows(declaration, answer);
  const field = keyFieldFinding(keys, answer, rows);
  if (field.verdict === "broken") return [field];
  const unasked = unaskedKeys(rows, keys);
  return [
    field,
    rowsFinding(keys, rows),
    unasked.length > 0
      ? seen(
          "unasked rows",
          `${unasked.length} keys came that nobody asked for, ${list(unasked)} among them; the readers drop them`,
        )
      : holds("unasked rows", "nothing came that nobody asked for"),
    await orderFinding(service, declaration, keys, rows),
    await duplicatesFinding(service, declaration, keys),
  ];
}

function keyFieldFinding(keys: readonly RestKey[], answer: Answer, rows: KeyedRows): Finding {
  const { status, unreadable, fault } = answer;
  const about = "key field";
  if (status !== 200) {
    const hint = hintOf(answer);
    return broken(about, `${keys.length} keys were answered with status ${status}${hint}`);
  }
  if (unreadable !== undefined) return broken(about, `the answer cannot be read: ${unreadable}`);
  if (answer.rows === undefined) return broken(about, "no list of rows was found in the answer: see items");
  if (fault !== undefined) return broken(about, `the answer is not the body that was declared: ${fault}`);
  const missing = keys.filter((key) => !hasKey(rows, key));
  if (missing.length > 0) {
    const came = unaskedKeys(rows, keys);
    const instead = came.length > 0 ? `; rows came with ${list(came)}` : "";
    return broken(about, `${missing.length} of ${keys.length} keys have no row, ${list(missing)} among them${instead}`);
  }
  const types = [...new Set(rows.rows.map(({ key }) => typeof key))].sort().join(" or ");
  return holds(about, `all ${keys.length} keys were found by it; its values are of type ${types}`);
}

function hintOf({ status, headers }: Answer): string {
  if (status === 401 || status === 403) return ": it wants to know who asks, see --header";
  const target = headers.location;
  if (status < 300 || status > 399 || target === undefined) return "";
  return `: it leads to ${String(target).slice(0, 200)}, and the readers do not follow; see --base-url`;
}

const list = (keys: readonly RestKey[]): string =>
  keys
    .slice(0, 3)
    .map((key) => JSON.stringify(key))
    .join(", ");

function rowsFinding(keys: readonly RestKey[], { rows }: KeyedRows): Finding {
  const counts = keys.map((asked) => rows.filter(({ key }) => String(key) === String(asked)).length);
  const most = Math.max(...counts);
  return most === 1
    ? seen("rows per key", "each key has one, as oneByKey expects")
    : seen("rows per key", `up to ${most}: manyByKey gives them all, oneByKey the first`);
}

async function orderFinding(
  service: ProbedService,
  declaration: BatchDeclaration,
  keys: readonly RestKey[],
  { rows }: KeyedRows,
): Promise<Finding> {
  if (keys.length < 2) return notTested("order", "it takes two keys to see one; it makes no difference to the readers");
  const reversed = keyedRows(declaration, await service.ask(keys.toReversed()));
  const orders = [rows, reversed.rows].map((found) => [...new Set(found.map(({ key }) => String(key)))].join());
  const asked = [keys, keys.toReversed()].map((some) => some.map(String).join());
  const what = orders.every((order, index) => order === asked[index]) ? "that of the keys" : "the service's own";
  return seen("order", `it is ${what}; the readers go by the key`);
}

async function duplicatesFinding(
  service: ProbedService,
  declaration: BatchDeclaration,
  keys: readonly RestKey[],
): Promise<Finding> {
  const [first] = keys;
  if (first === undefined) return notTested("duplicates", "there is no key");
  const once = keyedRows(declaration, await service.ask([first])).rows.length;
  const answer = await service.ask([first, first]);
  const twice = keyedRows(declaration, answer).rows.length;
  const what =
    answer.status !== 200
      ? `is answered with status ${answer.status}`
      : twice > once
        ? "gives its rows twice"
        : "counts once";
  return seen("duplicates", `a key that is asked for twice ${what}; the readers ask once`);
}
