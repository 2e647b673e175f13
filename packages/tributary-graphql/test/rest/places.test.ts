import { expect, test } from "vitest";
import { Places } from "../../src/rest/places.ts";

/** Who has come in, in order. */
function doorOf(count: number) {
  const places = new Places(count);
  const inside: string[] = [];
  return { inside, take: (name: string) => places.take(() => void inside.push(name)) };
}

test("as many as there are places come in at once, the others in the order of asking", () => {
  const { inside, take } = doorOf(2);
  const leave = ["a", "b", "c", "d"].map(take);
  expect(inside).toEqual(["a", "b"]);
  leave[1]?.();
  expect(inside).toEqual(["a", "b", "c"]);
  leave[0]?.();
  expect(inside).toEqual(["a", "b", "c", "d"]);
});

test("who leaves the line is not called, and nobody's place is lost", () => {
  const { inside, take } = doorOf(1);
  const leave = ["a", "b", "c"].map(take);
  leave[1]?.();
  leave[0]?.();
  expect(inside).toEqual(["a", "c"]);
});

test("a place is given back once, however often it is said", () => {
  const { inside, take } = doorOf(1);
  const leave = take("a");
  leave();
  leave();
  take("b");
  take("c");
  expect(inside).toEqual(["a", "b"]);
});
