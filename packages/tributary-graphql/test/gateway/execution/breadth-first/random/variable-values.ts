import {
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
} from "graphql";
import { SeededRandom } from "./seeded-random.ts";
import type { Variable } from "./write-arguments.ts";

/** Values for these variables: valid, or so many of 100 missing, null or invalid. */
export function variableValues(variables: readonly Variable[], seed: number, invalidPercent: number) {
  const random = new SeededRandom(`variables ${seed}`);
  const values: Record<string, unknown> = { undeclared: 1 };
  for (const { name, type, defaultValue } of variables) {
    if (random.chance(`${name} invalid`, invalidPercent)) {
      values[name] = random.pick(`${name} wrong`, [
        null,
        "wrong",
        {},
        { nothing: 1 },
        [[{}]],
        Number.NaN,
        undefined,
        "bad",
        "REDD",
      ]);
      continue;
    }
    const canBeMissing = !isNonNullType(type) || defaultValue !== undefined;
    if (canBeMissing && random.chance(`${name} missing`, 30)) continue;
    values[name] = anyValue(random, name, type, 0);
  }
  return values;
}

function anyValue(random: SeededRandom, id: string, type: GraphQLInputType, depth: number): unknown {
  if (isNonNullType(type)) return presentValue(random, id, type.ofType, depth);
  return random.chance(`${id} null`, 15) ? null : presentValue(random, id, type, depth);
}

function presentValue(random: SeededRandom, id: string, type: GraphQLInputType, depth: number): unknown {
  if (isNonNullType(type)) return presentValue(random, id, type.ofType, depth);
  if (isListType(type)) {
    if (random.chance(`${id} single`, 20)) return presentValue(random, `${id}#`, type.ofType, depth + 1);
    const length = random.integer(`${id} length`, 3);
    return Array.from({ length }, (_, index) => anyValue(random, `${id}#${index}`, type.ofType, depth + 1));
  }
  if (isInputObjectType(type)) {
    const all = Object.values(type.getFields());
    const some = type.isOneOf
      ? [random.pick(`${id} one`, depth > 2 ? all.slice(0, 2) : all)]
      : all.filter((field) => isRequiredInputField(field) || (depth < 3 && random.chance(`${id} ${field.name}`, 40)));
    const valueFor = type.isOneOf ? presentValue : anyValue;
    return Object.fromEntries(
      some.map((field) => [field.name, valueFor(random, `${id}.${field.name}`, field.type, depth + 1)]),
    );
  }
  if (isEnumType(type)) return random.pick(id, ["RED", "GREEN", "BLUE"]);
  return random.pick(id, leafValues[type.name] ?? ["odd", 1, { any: [true] }, false]);
}

const leafValues: Readonly<Record<string, readonly unknown[]>> = {
  Int: [0, 1, -7],
  Float: [0.5, 2],
  String: ["", "text"],
  Boolean: [true, false],
  ID: ["id", 4],
};
