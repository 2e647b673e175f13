/** Where a reference leads. */
export interface Target {
  readonly url: string;
  readonly path: readonly string[];
  readonly value: unknown;
}
