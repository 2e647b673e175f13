import { type DocumentNode, parse, print, visit } from "graphql";
import type { ClientError, Operation, State } from "./driver.ts";

/** The expected final state of a client. */
export interface Expected extends State {
  /** Set if a deferred fragment fails: the data without @defer, in which null propagates to the parent of the fragment. */
  readonly undeferred?: unknown;
}

/**
 * The result of an operation without @defer and @stream. If a deferred fragment fails, the errors of that result with
 * the data of the operation without the fragment.
 */
export async function plainResult(url: string, operation: Operation, failedFragment?: string): Promise<Expected> {
  const plain = withoutDirectives(parse(operation.query));
  const { data, errors = [] } = await execute(url, plain, operation);
  if (failedFragment === undefined) return { data, errors };
  const remaining = await execute(url, withoutFragment(plain, failedFragment), operation);
  return { data: remaining.data, undeferred: data, errors };
}

interface Result {
  readonly data: unknown;
  readonly errors?: readonly ClientError[];
}

async function execute(url: string, query: DocumentNode, { variables }: Operation): Promise<Result> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({ query: print(query), variables }),
  });
  return await response.json();
}

/** Also removes the declarations of variables that only directives use, because validation rejects unused variables. */
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
