import type { SeededRandom } from "./seeded-random.ts";

/** The name that a type resolver returns for an object of this type, or a faulty value. */
export function runtimeTypeName(
  random: SeededRandom,
  id: string,
  isFaulty: boolean,
  typeName: string | undefined,
): unknown {
  if (!isFaulty) return typeName;
  return random.pick(`${id} name`, [null, undefined, "Nowhere", "I0", "String", "O0", "O1", "Query", 5, ""]);
}
