import { type Compared, differ } from "./compared.ts";
import type { Observation } from "./observe.ts";
import { at, isReached, pathText } from "./places.ts";
import type { Call } from "./recorder.ts";

/**
 * What graphql-js promises about calls: a field is resolved once for each object of the data that it is selected on,
 * neither more nor less, with the same source, arguments and `info`. Where an error makes a place null, which of the
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
    const { uses } = actual.world.recorder;
    differences.push(
      differ("uses", countWords(uses), countWords(expected.world.recorder.uses)),
      differ("leaf values completed", countWords(actual.completions), countWords(expected.completions)),
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
  const wordsOf = ({ world }: Observation): string[] =>
    world.recorder.calls
      .filter(isCertain)
      .map((call) => `${keyOf(call)} ${call.words()}`)
      .sort();
  const [came, wanted] = [wordsOf(actual), wordsOf(expected)];
  const extra = without(came, wanted);
  const missing = without(wanted, came);
  return [
    ...(extra.length > 0 || missing.length > 0
      ? [`calls:\n  missing ${missing.join("\n          ")}\n  extra   ${extra.join("\n          ")}`]
      : []),
  ];
}

function compareUnreached({ stage, actual, expected, unpropagated }: Compared): string[] {
  const data = expected.result?.data;
  const seen = new Set<string>();
  const possible = new Set([expected, unpropagated].flatMap((one) => one?.world.recorder.calls.map(keyOf) ?? []));
  return actual.world.recorder.calls.flatMap((call) => {
    if (typeKinds.has(call.kind) || isReached(data, call.path)) return [];
    const key = keyOf(call);
    const isSecond = seen.has(key);
    seen.add(key);
    if (isSecond) return [`calls: ${key} a second time`];
    if (!stage.situation.behaviour.isAsync && !possible.has(key)) return [`calls: ${key}, which nothing asks for`];
    return [];
  });
}

/**
 * Without errors, the root's field of each call, in order. With errors the calls of the root's fields alone are certain:
 * within what has become null, calls may follow when the next field has begun.
 */
function mutationOrder({ stage, expected }: Compared, { world }: Observation): string {
  const mutation = stage.schema.getMutationType();
  const { calls } = world.recorder;
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

const countWords = (counts: ReadonlyMap<string, number>): string =>
  [...counts]
    .map(([what, count]) => `${what}: ${count}`)
    .sort()
    .join(", ");
