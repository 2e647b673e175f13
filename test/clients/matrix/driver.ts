/** An error that a client returns to its application. */
export interface ClientError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
}

/** An intermediate or final result of an operation in a client. */
export interface State {
  readonly data: unknown;
  readonly errors: readonly ClientError[];
}

export interface Operation {
  readonly name: string;
  /** The text of this operation and its fragments. */
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface Connection {
  /** Executes the operation and yields every state with data or errors. Ends when the client reports the final state. */
  run(operation: Operation): AsyncIterable<State>;
  /** Reads the data of an executed operation from the client's cache; unset for a client without cache. */
  readonly cached?: (operation: Operation) => unknown;
  close(): void | Promise<void>;
}

/** A client with the configuration of an application. */
export interface Driver {
  /** The row of the table: name and configuration. */
  readonly title: string;
  readonly version: string;
  /** Whether it executes only one operation at a time, as GraphiQL. */
  readonly runsOneAtATime?: boolean;
  /** The reason why its protocol has no incremental delivery. */
  readonly noStreamReason?: string;
  /** Whether subscriptions are tested. */
  readonly supportsSubscriptions?: boolean;
  /** Creates a client with an empty cache. It sends all requests with this `fetch`. */
  connect(url: string, fetch: typeof globalThis.fetch): Connection | Promise<Connection>;
}
