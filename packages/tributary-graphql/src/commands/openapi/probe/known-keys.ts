import type { RestKey } from "../../../rest/reads.ts";
import type { BatchDeclaration } from "./declaration.ts";
import { broken, type Finding, holds, notTested, seen } from "./finding.ts";
import { hasKey, type KeyedRows, keyedRows, otherKeys } from "./rows.ts";
import type { ProbedService, ProbeResponse } from "./service.ts";

/** Tests the responses to existing keys. Makes up to four calls. */
export async function probeKnownKeys(
  service: ProbedService,
  declaration: BatchDeclaration,
  keys: readonly RestKey[],
): Promise<Finding[]> {
  const response = await service.read(keys);
  const rows = keyedRows(declaration, response);
  const field = keyFieldFinding(keys, response, rows);
  if (field.verdict === "broken") return [field];
  const others = otherKeys(rows, keys);
  return [
    field,
    rowsFinding(keys, rows),
    others.length > 0
      ? seen(
          "other rows",
          `the response has rows of ${others.length} other keys, such as ${list(others)}, which the readers ignore`,
        )
      : holds("other rows", "the response has only rows of the requested keys"),
    await orderFinding(service, declaration, keys, rows),
    await duplicatesFinding(service, declaration, keys),
  ];
}

function keyFieldFinding(keys: readonly RestKey[], response: ProbeResponse, rows: KeyedRows): Finding {
  const { status, unreadable, fault } = response;
  const about = "key field";
  if (status !== 200) {
    const hint = hintOf(response);
    return broken(about, `the call with ${keys.length} keys has status ${status}${hint}`);
  }
  if (unreadable !== undefined) return broken(about, `the response cannot be read: ${unreadable}`);
  if (response.rows === undefined) return broken(about, "the body is not an array: set `items`");
  if (fault !== undefined) return broken(about, `the response does not match the declared body: ${fault}`);
  const missing = keys.filter((key) => !hasKey(rows, key));
  if (missing.length > 0) {
    const others = otherKeys(rows, keys);
    const instead = others.length > 0 ? `; there are rows of other keys, such as ${list(others)}` : "";
    return broken(about, `${missing.length} of ${keys.length} keys have no row, such as ${list(missing)}${instead}`);
  }
  const types = [...new Set(rows.rows.map(({ key }) => typeof key))].sort().join(" or ");
  return holds(about, `all ${keys.length} keys have rows; the values of the field are of type ${types}`);
}

function hintOf({ status, headers }: ProbeResponse): string {
  if (status === 401 || status === 403) return ": set credentials with --header";
  const target = headers.location;
  if (status < 300 || status > 399 || target === undefined) return "";
  return `: it redirects to ${String(target).slice(0, 200)}, which the readers do not follow; change --base-url`;
}

const list = (keys: readonly RestKey[]): string =>
  keys
    .slice(0, 3)
    .map((key) => JSON.stringify(key))
    .join(", ");

function rowsFinding(keys: readonly RestKey[], { rows }: KeyedRows): Finding {
  const counts = keys.map((one) => rows.filter(({ key }) => String(key) === String(one)).length);
  const most = Math.max(...counts);
  return most === 1
    ? seen("rows per key", "one, as oneByKey expects")
    : seen("rows per key", `up to ${most}: manyByKey returns all of them, oneByKey the first`);
}

async function orderFinding(
  service: ProbedService,
  declaration: BatchDeclaration,
  keys: readonly RestKey[],
  { rows }: KeyedRows,
): Promise<Finding> {
  if (keys.length < 2) return notTested("order", "it needs at least two --keys; the readers do not depend on it");
  const reversed = keyedRows(declaration, await service.read(keys.toReversed()));
  const orders = [rows, reversed.rows].map((found) => [...new Set(found.map(({ key }) => String(key)))].join());
  const requested = [keys, keys.toReversed()].map((some) => some.map(String).join());
  const isThatOfKeys = orders.every((order, index) => order === requested[index]);
  const order = isThatOfKeys ? "that of the requested keys" : "not that of the requested keys";
  return seen("order", `${order}; the readers do not depend on it`);
}

async function duplicatesFinding(
  service: ProbedService,
  declaration: BatchDeclaration,
  keys: readonly RestKey[],
): Promise<Finding> {
  const [first] = keys;
  if (first === undefined) return notTested("duplicates", "there is no key");
  const once = keyedRows(declaration, await service.read([first])).rows.length;
  const response = await service.read([first, first]);
  const twice = keyedRows(declaration, response).rows.length;
  const outcome =
    response.status !== 200
      ? `makes the call fail with status ${response.status}`
      : twice > once
        ? "returns its rows twice"
        : "returns its rows once";
  return seen("duplicates", `a repeated key ${outcome}; the readers do not repeat keys`);
}
