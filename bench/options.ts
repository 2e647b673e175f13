/** The options of the command line besides the names of sections. */
export interface Options {
  /** Names of databases with commas between; all where unset. */
  readonly databases?: string | undefined;
  /** Numbers of parents with commas between. */
  readonly parents?: string | undefined;
  /** Names of contenders with commas between, beside the one that they are compared with; all where unset. */
  readonly only?: string | undefined;
  /** Few short rounds, for a look; nothing is written. */
  readonly quick?: boolean | undefined;
  /** Prints the sections in place of writing them. */
  readonly print?: boolean | undefined;
}
