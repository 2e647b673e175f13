import fc from "fast-check";
import type { SchemaChoices } from "./make-schema.ts";
import type { Behaviour } from "./values.ts";

/**
 * Numbers from which `write-document.ts` makes an operation. Each is taken modulo the number of options, so every tree is an
 * operation for every schema.
 */
export interface Choice {
  readonly kind: "field" | "inline" | "spread";
  /** Which field, type or fragment. */
  readonly pick: number;
  /** Which arguments, and with them which alias. */
  readonly variant: number;
  readonly condition: string | null;
  readonly children: readonly Choice[];
}

export interface OperationChoices {
  readonly kind: "query" | "mutation" | "subscription";
  readonly root: readonly Choice[];
  /** Whether it carries the directive that keeps an error where it is. */
  readonly keepsErrors: boolean;
}

export interface FragmentChoices {
  /** Which type. */
  readonly pick: number;
  readonly children: readonly Choice[];
}

export interface DocumentChoices {
  readonly operations: readonly OperationChoices[];
  readonly fragments: readonly FragmentChoices[];
  /** How many of 100 selections and arguments are invalid: an executor gets them without validation. */
  readonly brokenPercent: number;
  readonly seed: number;
}

/** One execution of one of the operations. */
export interface ExecutionChoices {
  /** Which operation; beyond the last: a name that none has, or no name. */
  readonly operation: number;
  readonly variablesSeed: number;
  readonly invalidPercent: number;
  readonly hasOwnResolvers: boolean;
  readonly hidesSuggestions: boolean;
}

export interface Scenario {
  readonly schema: SchemaChoices;
  readonly document: DocumentChoices;
  readonly behaviour: Behaviour;
  readonly latencySeed: number;
  readonly runs: readonly ExecutionChoices[];
}

/** A value in so many of 100 cases, otherwise `null`, which it also shrinks to. */
const sometimes = <Value>(percent: number, arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> =>
  fc.oneof(
    { withCrossShrink: true },
    { weight: 100 - percent, arbitrary: fc.constant(null) },
    { weight: percent, arbitrary },
  );

const conditions = fc.constantFrom(
  "@include(if: true)",
  "@skip(if: false)",
  "@include(if: $yes)",
  "@skip(if: $no)",
  "@include(if: $no)",
  "@skip(if: $yes)",
  "@skip(if: $no) @include(if: $yes)",
  "@include(if: $given)",
  "@skip(if: $given)",
);

const childrenAt = (depth: number): fc.Arbitrary<readonly Choice[]> =>
  depth === 0
    ? fc.constant([])
    : fc.oneof(
        { withCrossShrink: true },
        { weight: 2, arbitrary: fc.constant([]) },
        { weight: 5, arbitrary: fc.array(choiceAt(depth - 1), { minLength: 1, maxLength: 3, size: "max" }) },
      );

const choiceAt = (depth: number): fc.Arbitrary<Choice> =>
  fc.record({
    kind: fc.oneof(
      { withCrossShrink: true },
      { weight: 8, arbitrary: fc.constant("field" as const) },
      { weight: 3, arbitrary: fc.constant("inline" as const) },
      { weight: 2, arbitrary: fc.constant("spread" as const) },
    ),
    pick: fc.nat(99),
    variant: fc.nat(3),
    condition: sometimes(12, conditions),
    children: childrenAt(depth),
  });

const mostly = (zeros: number, ...others: number[]): fc.Arbitrary<number> =>
  fc.constantFrom(...Array.from({ length: zeros }, () => 0), ...others);

const operation: fc.Arbitrary<OperationChoices> = fc.record({
  kind: fc.constantFrom(
    "query" as const,
    "query" as const,
    "query" as const,
    "mutation" as const,
    "subscription" as const,
  ),
  root: fc.array(choiceAt(4), { minLength: 1, maxLength: 4, size: "max" }),
  keepsErrors: mostly(19, 1).map(Boolean),
});

export const scenarios: fc.Arbitrary<Scenario> = fc.record({
  schema: fc.record({
    seed: fc.nat(99_999),
    objects: fc.integer({ min: 1, max: 4 }),
    interfaces: fc.nat(3),
    unions: fc.nat(2),
  }),
  document: fc.record({
    operations: fc.array(operation, { minLength: 1, maxLength: 2, size: "max" }),
    fragments: fc.array(fc.record({ pick: fc.nat(99), children: childrenAt(3) }), { maxLength: 3, size: "max" }),
    brokenPercent: mostly(5, 4),
    seed: fc.nat(99_999),
  }),
  behaviour: fc.record({
    seed: fc.nat(99_999),
    isAsync: fc.boolean(),
    faultPercent: fc.constantFrom(0, 0, 1, 3, 8),
    nullPercent: mostly(1, 5, 15),
    readsInfoLate: fc.boolean(),
  }),
  latencySeed: fc.nat(99),
  runs: fc.array(
    fc.record({
      operation: fc.nat(11),
      variablesSeed: fc.nat(999),
      invalidPercent: mostly(5, 10),
      hasOwnResolvers: mostly(5, 1).map(Boolean),
      hidesSuggestions: fc.boolean(),
    }),
    { minLength: 1, maxLength: 3, size: "max" },
  ),
});
