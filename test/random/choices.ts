import fc from "fast-check";

/**
 * Numbers from which an operation is written (`write-operation.ts`): a tree that knows no schema. Whoever reads it takes
 * each number modulo what there is to choose from, so every tree is a valid operation, and every smaller tree a smaller
 * one: fast-check shrinks to an operation that a person can read.
 */
export interface Choice {
  readonly kind: "field" | "inline" | "spread";
  /** Which field, type or fragment. */
  readonly pick: number;
  /** Which arguments, and with them which alias. */
  readonly variant: number;
  readonly condition: string | null;
  readonly incremental: IncrementalChoice | null;
  readonly children: readonly Choice[];
}

export interface IncrementalChoice {
  readonly isLabelled: boolean;
  /** The value of `if`, as text; null for none. */
  readonly condition: string | null;
  /** For @stream; null for none. */
  readonly initialCount: string | null;
}

export interface OperationChoices {
  readonly root: readonly Choice[];
  readonly fragments: readonly FragmentChoice[];
}

export interface FragmentChoice {
  /** Which type. */
  readonly pick: number;
  readonly children: readonly Choice[];
}

const maxDepth = 7;

/** `null` the more often the smaller the percentage is, and what it shrinks to. */
const sometimes = <Value>(percent: number, arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> =>
  fc.oneof(
    { withCrossShrink: true },
    { weight: 100 - percent, arbitrary: fc.constant(null) },
    { weight: percent, arbitrary },
  );

const incremental: fc.Arbitrary<IncrementalChoice> = fc.record({
  isLabelled: fc.boolean(),
  condition: sometimes(40, fc.constantFrom("true", "$yes", "$no", "false")),
  initialCount: sometimes(70, fc.constantFrom("0", "1", "2", "$one")),
});

const conditions = fc.constantFrom(
  "@include(if: true)",
  "@skip(if: false)",
  "@include(if: $yes)",
  "@skip(if: $no)",
  "@include(if: $no)",
  "@skip(if: $yes)",
);

/** Two of three trees end at each level: with up to three children, most operations then have ten to forty selections. */
const childrenAt = (depth: number): fc.Arbitrary<readonly Choice[]> =>
  depth === 0
    ? fc.constant([])
    : fc.oneof(
        { withCrossShrink: true },
        { weight: 3, arbitrary: fc.constant([]) },
        { weight: 5, arbitrary: fc.array(choiceAt(depth - 1), { minLength: 1, maxLength: 3, size: "max" }) },
      );

const choiceAt = (depth: number): fc.Arbitrary<Choice> =>
  fc.record({
    kind: fc.oneof(
      { withCrossShrink: true },
      { weight: 6, arbitrary: fc.constant("field" as const) },
      { weight: 3, arbitrary: fc.constant("inline" as const) },
      { weight: 2, arbitrary: fc.constant("spread" as const) },
    ),
    pick: fc.nat(99),
    variant: fc.nat(3),
    condition: sometimes(10, conditions),
    incremental: sometimes(50, incremental),
    children: childrenAt(depth),
  });

export const operationChoices: fc.Arbitrary<OperationChoices> = fc.record({
  root: fc.array(choiceAt(maxDepth), { minLength: 1, maxLength: 3, size: "max" }),
  fragments: fc.array(
    fc.record({ pick: fc.nat(99), children: fc.array(choiceAt(3), { minLength: 1, maxLength: 3, size: "max" }) }),
    { maxLength: 3, size: "max" },
  ),
});
