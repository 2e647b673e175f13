import type { Choice, OperationChoices } from "./choices.ts";

/**
 * Finds a small operation that still fails: it removes selections, replaces selections with their children, and removes
 * directives and arguments, until no step succeeds. fast-check itself only shortens lists from the start, and so keeps
 * most of a tree.
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

/** Large steps first: without one choice, with its children instead, then with a smaller choice instead. */
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
    if (incremental.isLabeled) yield { ...choice, incremental: { ...incremental, isLabeled: false } };
  }
  if (choice.variant > 0) yield { ...choice, variant: 0 };
  for (const children of smallerLists(choice.children)) yield { ...choice, children };
}
