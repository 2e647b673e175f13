import { type DocumentNode, parse, print, visit } from "graphql";
import type { ClientError, Operation, State } from "./driver.ts";

/** What the merged parts have to equal. */
export interface Expected extends State {
  /** What the data is without @defer, where that is something else: the null of a failed field bubbles further. */
  readonly undeferred?: unknown;
}

/**
 * The answer to an operation without its @defer and @stream, in one piece. Where a deferred fragment fails for good: the
 * errors of that answer, and what surrounds the fragment as it is without it.
 */
export async function plainAnswer(url: string, operation: Operation, missing?: string): Promise<Expected> {
  const plain = withoutDirectives(parse(operation.query));
  const { data, errors = [] } = await ask(url, plain, operation);
  if (missing === undefined) return { data, errors };
  const surroundings = await ask(url, withoutFragment(plain, missing), operation);
  return { data: surroundings.data, undeferred: data, errors };
}

interface Answer {
  readonly data: unknown;
  readonly errors?: readonly ClientError[];
}

async function ask(url: string, query: DocumentNode, { variables }: Operation): Promise<Answer> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({ query: print(query), variables }),
  });
  return await response.json();
}

/** Variables that only a directive used are left undeclared: validation would refuse them. */
function withoutDirectives(document: DocumentNode): DocumentNode {
  const used = new Set<string>();
  const stripped = visit(document, { Directive: () => null });
  visit(stripped, { Variable: ({ name }, _key, parent) => void (isDeclaration(parent) || used.add(name.value)) });
  return visit(stripped, { VariableDefinition: ({ variable }) => (used.has(variable.name.value) ? undefined : null) });
}

const isDeclaration = (parent: unknown): boolean =>
  typeof parent === "object" && parent !== null && "kind" in parent && parent.kind === "VariableDefinition";

const withoutFragment = (document: DocumentNode, name: string): DocumentNode =>
  visit(document, {
    FragmentSpread: (spread) => (spread.name.value === name ? null : undefined),
    FragmentDefinition: (fragment) => (fragment.name.value === name ? null : undefined),
  });
