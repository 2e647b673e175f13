import {
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
} from "graphql";
import { Dice } from "./dice.ts";
import type { Variable } from "./write-arguments.ts";

/** What a client sends for these variables: all right, or some in a hundred missing, null or wrong. */
export function variableValues(variables: readonly Variable[], seed: number, invalidPercent: number) {
  const dice = new Dice(`variables ${seed}`);
  const values: Record<string, unknown> = { undeclared: 1 };
  for (const { name, type, defaultValue } of variables) {
    if (dice.chance(`${name} invalid`, invalidPercent)) {
      values[name] = dice.pick(`${name} wrong`, [
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
    if (canBeMissing && dice.chance(`${name} missing`, 30)) continue;
    values[name] = anyValue(dice, name, type, 0);
  }
  return values;
}

function anyValue(dice: Dice, id: string, type: GraphQLInputType, depth: number): unknown {
  if (isNonNullType(type)) return presentValue(dice, id, type.ofType, depth);
  return dice.chance(`${id} null`, 15) ? null : presentValue(dice, id, type, depth);
}

function presentValue(dice: Dice, id: string, type: GraphQLInputType, depth: number): unknown {
  if (isNonNullType(type)) return presentValue(dice, id, type.ofType, depth);
  if (isListType(type)) {
    if (dice.chance(`${id} single`, 20)) return presentValue(dice, `${id}#`, type.ofType, depth + 1);
    const length = dice.roll(`${id} length`, 3);
    return Array.from({ length }, (_, index) => anyValue(dice, `${id}#${index}`, type.ofType, depth + 1));
  }
  if (isInputObjectType(type)) {
    const all = Object.values(type.getFields());
    const some = type.isOneOf
      ? [dice.pick(`${id} one`, depth > 2 ? all.slice(0, 2) : all)]
      : all.filter((field) => isRequiredInputField(field) || (depth < 3 && dice.chance(`${id} ${field.name}`, 40)));
    const valueFor = type.isOneOf ? presentValue : anyValue;
    return Object.fromEntries(
      some.map((field) => [field.name, valueFor(dice, `${id}.${field.name}`, field.type, depth + 1)]),
    );
  }
  if (isEnumType(type)) return dice.pick(id, ["RED", "GREEN", "BLUE"]);
  return dice.pick(id, leafValues[type.name] ?? ["odd", 1, { any: [true] }, false]);
}

const leafValues: Readonly<Record<string, readonly unknown[]>> = {
  Int: [0, 1, -7],
  Float: [0.5, 2],
  String: ["", "text"],
  Boolean: [true, false],
  ID: ["id", 4],
};
