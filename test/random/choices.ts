import fc from "fast-check";

/**
 * A tree of numbers, independent of the schema, from which `write-operation.ts` writes an operation. It takes each
 * number modulo the number of options, so every tree is a valid operation and a smaller tree is a smaller operation:
 * fast-check can shrink it.
 */
export interface Choice {
  readonly kind: "field" | "inline" | "spread";
  /** Selects the field, type or fragment. */
  readonly pick: number;
  /** Selects the arguments and the alias. */
  readonly variant: number;
  readonly condition: string | null;
  readonly incremental: IncrementalChoice | null;
  readonly children: readonly Choice[];
}

export interface IncrementalChoice {
  readonly isLabeled: boolean;
  /** The value of `if` as a literal; null for none. */
  readonly condition: string | null;
  /** The value of `initialCount` of @stream; null for none. */
  readonly initialCount: string | null;
}

export interface OperationChoices {
  readonly root: readonly Choice[];
  readonly fragments: readonly FragmentChoice[];
}

export interface FragmentChoice {
  /** Selects the type. */
  readonly pick: number;
  readonly children: readonly Choice[];
}

const maxDepth = 7;

/** The value in `percent` of the cases, else null; shrinks to null. */
const sometimes = <Value>(percent: number, arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> =>
  fc.oneof(
    { withCrossShrink: true },
    { weight: 100 - percent, arbitrary: fc.constant(null) },
    { weight: percent, arbitrary },
  );

const incremental: fc.Arbitrary<IncrementalChoice> = fc.record({
  isLabeled: fc.boolean(),
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

/** The weights give most operations ten to forty selections. */
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
