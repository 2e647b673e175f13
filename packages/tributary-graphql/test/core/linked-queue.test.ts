import fc from "fast-check";
import { expect, test } from "vitest";
import { LinkedQueue } from "../../src/core/linked-queue.ts";

type Step = readonly ["add" | "delete", number] | readonly ["take"];

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.tuple(fc.constantFrom("add" as const, "delete" as const), fc.nat(8)),
    fc.tuple(fc.constant("take" as const)),
  ),
);

test("a queue returns its values in the order of their addition, whatever is removed meanwhile", () => {
  fc.assert(
    fc.property(steps, (all) => {
      const queue = new LinkedQueue<number>();
      const model = new Set<number>();
      for (const [name, value = 0] of all) {
        if (name === "add") {
          queue.add(value);
          model.add(value);
        } else if (name === "delete") {
          expect(queue.delete(value)).toBe(model.delete(value));
        } else {
          const [first] = model;
          if (first !== undefined) model.delete(first);
          expect(queue.take()).toBe(first);
        }
        const values = [...model];
        expect([...queue]).toEqual(values);
        expect([queue.size, queue.first, queue.last]).toEqual([values.length, values[0], values.at(-1)]);
      }
    }),
  );
});
