/** The target of a reference. */
export interface Target {
  readonly url: string;
  readonly path: readonly string[];
  readonly value: unknown;
}
