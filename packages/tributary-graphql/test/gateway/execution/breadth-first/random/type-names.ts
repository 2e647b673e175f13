import type { Dice } from "./dice.ts";

/** The name that a type resolver gives for an object of this type, or what it gives instead when it is faulty. */
export function runtimeTypeName(dice: Dice, id: string, isFaulty: boolean, typeName: string | undefined): unknown {
  if (!isFaulty) return typeName;
  return dice.pick(`${id} name`, [null, undefined, "Nowhere", "I0", "String", "O0", "O1", "Query", 5, ""]);
}
