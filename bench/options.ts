/** The command-line options. */
export interface Options {
  /** Names of databases, separated by commas. Default: all. */
  readonly databases?: string | undefined;
  /** Numbers of parents, separated by commas. */
  readonly parents?: string | undefined;
  /** Names of contenders, separated by commas, in addition to the reference. Default: all. */
  readonly only?: string | undefined;
  /** Few short rounds; prints the sections and does not write them. */
  readonly quick?: boolean | undefined;
  /** Prints the sections and does not write them. */
  readonly print?: boolean | undefined;
}
