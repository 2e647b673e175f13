export interface MetricsOptions {
  /** Whether `/metrics` is served beside `/graphql`. Default: outside production, and in production where there is a `token`. */
  readonly isServed?: boolean;
  /** A request of `/metrics` has to bring it: `authorization: Bearer <token>`. Default: none. */
  readonly token?: string | undefined;
  /**
   * The names of operations that become labels, at most 500. All others are counted as `other`, since clients choose names.
   * Default: none.
   */
  readonly operationNames?: readonly string[];
  /** The text of all processes that serve together, where this is one of several. Default: the text of this process. */
  readonly clusterText?: (() => Promise<string>) | undefined;
}
