/** An error as a client hands it to its application. */
export interface ClientError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
}

/** What a client shows of an operation at one moment. */
export interface State {
  readonly data: unknown;
  readonly errors: readonly ClientError[];
}

export interface Operation {
  readonly name: string;
  /** The text of this operation alone, with its fragments. */
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface Connection {
  /**
   * Asks, and gives every state in which the client shows something; the last one is how it stays. Ends when the client
   * says that the answer is complete.
   */
  run(operation: Operation): AsyncIterable<State>;
  /** What its cache has for an operation that was run; unset for a client without one. */
  readonly cached?: (operation: Operation) => unknown;
  close(): void | Promise<void>;
}

/** A client as an application sets it up. */
export interface Driver {
  /** The row of the table: its name, the settings that matter, its version. */
  readonly title: string;
  readonly version: string;
  /** A page that a person works with: it does not ask two questions at once. */
  readonly runsOneAtATime?: boolean;
  /** Why it gets every answer in one piece, for a protocol in which nobody can ask for a stream. */
  readonly takesNoStream?: string;
  /** Set where subscriptions are tried as well. */
  readonly takesEvents?: boolean;
  /** A new client, its cache empty. Everything that it sends goes through this `fetch`. */
  connect(url: string, fetch: typeof globalThis.fetch): Connection | Promise<Connection>;
}
