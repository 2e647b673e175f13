import { type Compared, differ } from "./compared.ts";
import type { Observation } from "./observe.ts";
import type { Call } from "./recorder.ts";
import { at, isReached, pathText } from "./response-positions.ts";

/**
 * The guarantees of graphql-js about calls: a field is resolved once for each object of the data that it is selected on,
 * neither more nor less, with the same source, arguments and `info`. Where an error makes a position null, which of the
 * fields within it are resolved is a matter of order (depth first, or level by level): there each may be resolved once or
 * not at all. The fields of a mutation's root are resolved one after another, and none after one that ends the operation.
 */
export function compareCalls(compared: Compared): string[] {
  const { actual, expected } = compared;
  const differences = [
    ...compareReached(compared),
    ...compareUnreached(compared),
    differ("a mutation's order", mutationOrder(compared, actual), mutationOrder(compared, expected)),
  ];
  if ((expected.result?.errors ?? []).length === 0) {
    const { uses } = actual.app.recorder;
    differences.push(
      differ("uses", countText(uses), countText(expected.app.recorder.uses)),
      differ("leaf values completed", countText(actual.completions), countText(expected.completions)),
    );
  }
  return differences.filter((difference) => difference !== undefined);
}

const typeKinds = new Set(["resolveType", "isTypeOf", "typeResolver"]);

function compareReached(compared: Compared): (string | undefined)[] {
  const { actual, expected } = compared;
  const data = expected.result?.data;
  const errorPaths = (expected.result?.errors ?? []).map(({ path }) => pathText(path ?? []));
  // A list's field has one path for all of its items, so that types are told apart only where none of them fails.
  const isCertain = ({ kind, path }: Call): boolean =>
    isReached(data, path) &&
    (!typeKinds.has(kind) ||
      (at(data, path) !== null && !errorPaths.some((one) => `${one}.`.startsWith(`${pathText(path)}.`))));
  const textsOf = ({ app }: Observation): string[] =>
    app.recorder.calls
      .filter(isCertain)
      .map((call) => `${keyOf(call)} ${call.text()}`)
      .sort();
  const [came, wanted] = [textsOf(actual), textsOf(expected)];
  const extra = without(came, wanted);
  const missing = without(wanted, came);
  return [
    ...(extra.length > 0 || missing.length > 0
      ? [`calls:\n  missing ${missing.join("\n          ")}\n  extra   ${extra.join("\n          ")}`]
      : []),
  ];
}

function compareUnreached({ prepared, actual, expected, unpropagated }: Compared): string[] {
  const data = expected.result?.data;
  const seen = new Set<string>();
  const possible = new Set([expected, unpropagated].flatMap((one) => one?.app.recorder.calls.map(keyOf) ?? []));
  return actual.app.recorder.calls.flatMap((call) => {
    if (typeKinds.has(call.kind) || isReached(data, call.path)) return [];
    const key = keyOf(call);
    const isSecond = seen.has(key);
    seen.add(key);
    if (isSecond) return [`calls: ${key} a second time`];
    if (!prepared.scenario.behaviour.isAsync && !possible.has(key)) return [`calls: ${key}, which nothing selects`];
    return [];
  });
}

/**
 * Without errors, the root's field of each call, in order. With errors the calls of the root's fields alone are certain:
 * below a position that is null, calls may follow when the next field has begun.
 */
function mutationOrder({ prepared, expected }: Compared, { app }: Observation): string {
  const mutation = prepared.schema.getMutationType();
  const { calls } = app.recorder;
  if (!calls.some(({ parentType, path }) => path.length === 1 && parentType === mutation)) return "";
  const hasErrors = (expected.result?.errors ?? []).length > 0;
  const counted = hasErrors ? calls.filter(({ kind, path }) => path.length === 1 && !typeKinds.has(kind)) : calls;
  const order = counted.map(({ path }) => path[0]);
  return order.filter((key, index) => key !== order[index - 1]).join(" ");
}

const keyOf = ({ kind, path }: Call): string => `${kind} ${pathText(path)}`;

/** The items of the first sorted list that the second does not have as often. */
function without(all: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const other of others) left.set(other, (left.get(other) ?? 0) + 1);
  return all.filter((one) => {
    const count = left.get(one) ?? 0;
    left.set(one, count - 1);
    return count <= 0;
  });
}

const countText = (counts: ReadonlyMap<string, number>): string =>
  [...counts]
    .map(([what, count]) => `${what}: ${count}`)
    .sort()
    .join(", ");
