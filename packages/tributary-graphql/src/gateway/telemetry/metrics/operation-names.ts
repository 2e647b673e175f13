import type { OperationTypeNode } from "graphql";

/** The most names that become labels: each has a series per outcome, and a histogram. */
export const maxOperationNames = 500;

/** A name of the GraphQL grammar. */
const graphqlName = /^[_A-Za-z][_0-9A-Za-z]*$/;

/**
 * The labels of operations. Clients choose the names of operations, so only known names become labels: otherwise a client
 * could create any number of series, and write any text into them.
 */
export class OperationNames {
  readonly #known: ReadonlySet<string>;

  /** @throws TypeError for one that is no GraphQL name, and for more than 500 */
  constructor(known: readonly string[] = []) {
    const invalid = known.find((name) => !graphqlName.test(name));
    if (invalid !== undefined)
      throw new TypeError(`metrics.operationNames: expected names of operations, got ${JSON.stringify(invalid)}.`);
    this.#known = new Set(known);
    if (this.#known.size > maxOperationNames)
      throw new TypeError(`metrics.operationNames: expected at most ${maxOperationNames}, got ${this.#known.size}.`);
  }

  /** The name if it is known; otherwise `other`, `anonymous` for an operation without a name, `none` without an operation. */
  labelOf(name: string | undefined, type: OperationTypeNode | undefined): string {
    if (type === undefined) return "none";
    if (name === undefined) return "anonymous";
    return this.#known.has(name) ? name : "other";
  }
}
