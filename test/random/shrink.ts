import type { Choice, OperationChoices } from "./choices.ts";

/**
 * The smallest operation to be found that still fails: selections are left out, lifted into the place of what is around
 * them, and stripped of directives and arguments, for as long as any of these makes it smaller. fast-check can only
 * shorten lists from their start, and so leaves most of a tree standing.
 *
 * @param fails whether an operation still fails
 */
export async function shrink(
  choices: OperationChoices,
  fails: (candidate: OperationChoices) => Promise<boolean>,
): Promise<OperationChoices> {
  let smallest = choices;
  for (let triesLeft = maxTries; ; ) {
    const before = smallest;
    for (const candidate of smallerOperations(smallest)) {
      if (triesLeft-- === 0) return smallest;
      if (!(await fails(candidate))) continue;
      smallest = candidate;
      break;
    }
    if (smallest === before) return smallest;
  }
}

const maxTries = 3_000;

function* smallerOperations({ root, fragments }: OperationChoices): Generator<OperationChoices> {
  for (const smaller of smallerLists(root)) if (smaller.length > 0) yield { root: smaller, fragments };
  for (const [index, fragment] of fragments.entries()) {
    yield { root, fragments: fragments.toSpliced(index, 1) };
    for (const children of smallerLists(fragment.children)) {
      yield { root, fragments: fragments.with(index, { ...fragment, children }) };
    }
  }
}

/** Large steps first: without one, with its children in its place, then with something smaller in its place. */
function* smallerLists(choices: readonly Choice[]): Generator<readonly Choice[]> {
  for (const index of choices.keys()) yield choices.toSpliced(index, 1);
  for (const [index, { children }] of choices.entries()) {
    if (children.length > 0) yield choices.toSpliced(index, 1, ...children);
  }
  for (const [index, choice] of choices.entries()) {
    for (const smaller of smallerChoices(choice)) yield choices.with(index, smaller);
  }
}

function* smallerChoices(choice: Choice): Generator<Choice> {
  const { incremental } = choice;
  if (choice.condition !== null) yield { ...choice, condition: null };
  if (incremental !== null) {
    yield { ...choice, incremental: null };
    if (incremental.condition !== null) yield { ...choice, incremental: { ...incremental, condition: null } };
    if (incremental.initialCount !== null) yield { ...choice, incremental: { ...incremental, initialCount: null } };
    if (incremental.isLabelled) yield { ...choice, incremental: { ...incremental, isLabelled: false } };
  }
  if (choice.variant > 0) yield { ...choice, variant: 0 };
  for (const children of smallerLists(choice.children)) yield { ...choice, children };
}
