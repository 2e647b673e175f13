import {
  createOperationDescriptor,
  Environment,
  type GraphQLResponse,
  getSelector,
  Network,
  type OperationDescriptor,
  RecordSource,
  type SingularReaderSelector,
  type Snapshot,
  Store,
} from "relay-runtime";
import { createFetchFunction, MergedAnswer } from "tributary-graphql/client/relay";
import type { ClientError, Connection, Driver, Operation, State } from "../driver.ts";
import { installedVersion } from "../installed-version.ts";
import { compileForRelay } from "../relay-artifacts.ts";
import { StateQueue } from "../state-queue.ts";

const artifacts = await compileForRelay();

const relayDriver = (title: string, accept?: string): Driver => ({
  title,
  version: installedVersion("relay-runtime"),
  connect: (url, fetch) => {
    const network = Network.create(createFetchFunction({ url, fetch, ...(accept && { accept }) }));
    return connectRelay(new Environment({ network, store: new Store(new RecordSource()) }));
  },
});

export const relay = relayDriver("relay-runtime, `packages/tributary-graphql/src/client/relay`");

export const relayWith2022 = relayDriver(
  "relay-runtime, `packages/tributary-graphql/src/client/relay` with 2022",
  "multipart/mixed;deferSpec=20220824",
);

function connectRelay(environment: Environment): Connection {
  return { run: (operation) => runQuery(environment, operation), close: () => undefined };
}

async function* runQuery(environment: Environment, { name, variables }: Operation): AsyncGenerator<State, void> {
  const operation = createOperationDescriptor(artifacts.operation(name), variables);
  const states = new StateQueue<State>();
  const sent: ClientError[] = [];
  const retained = environment.retain(operation);
  const subscription = environment.execute({ operation }).subscribe({
    next: (response) => {
      sent.push(...errorsIn(response));
      states.push(readAll(environment, operation, sent));
    },
    error: (error: Error) => {
      const { data, errors } = readAll(environment, operation, sent);
      states.push({ data, errors: [...errors, ...errorsOf(error)] });
      states.end();
    },
    complete: () => states.end(),
  });
  try {
    yield* states;
  } finally {
    subscription.unsubscribe();
    retained.dispose();
  }
}

/** The path of an error in a part is relative to the part. */
const errorsIn = (response: GraphQLResponse): ClientError[] =>
  [response].flat().flatMap((part) =>
    ("errors" in part ? (part.errors ?? []) : []).map(({ message, path = [] }) => ({
      message,
      path: [...("path" in part ? (part.path ?? []) : []), ...path],
    })),
  );

/** Relay throws an error for a result without data, with the errors in `source`. */
function errorsOf(error: Error): readonly ClientError[] {
  const { source } = error as Error & { source?: { errors?: readonly ClientError[] } };
  return source?.errors ?? [{ message: String(error) }];
}

/**
 * The data of all components of a page: Relay returns the data of a fragment only to its component. The errors are those
 * that Relay has stored for fields; it does not store their paths.
 */
function readAll(environment: Environment, { fragment }: OperationDescriptor, sent: readonly ClientError[]): State {
  const ofFields = new Set<string>();
  const data = readSelector(environment, fragment, ofFields);
  return { data, errors: sent.filter(({ message }) => ofFields.has(message)) };
}

function readSelector(environment: Environment, selector: SingularReaderSelector, errors: Set<string>): unknown {
  // The types do not include `fieldErrors`.
  const snapshot: Snapshot & { fieldErrors?: readonly { error?: ClientError }[] | null } = environment.lookup(selector);
  for (const { error } of snapshot.fieldErrors ?? []) if (error) errors.add(error.message);
  return withFragments(environment, snapshot.data, errors);
}

function withFragments(environment: Environment, value: unknown, errors: Set<string>): unknown {
  if (Array.isArray(value)) return value.map((item) => withFragments(environment, item, errors));
  if (typeof value !== "object" || value === null) return value;
  const { __fragments: spreads, __fragmentOwner: _owner, __id: _id, ...fields } = value as Record<string, unknown>;
  const own = Object.entries(fields).map(([key, field]) => [key, withFragments(environment, field, errors)]);
  const all = new MergedAnswer(Object.fromEntries(own));
  for (const name of Object.keys(spreads ?? {})) {
    const selector = getSelector(artifacts.fragment(name), value);
    if (selector?.kind !== "SingularReaderSelector") throw new Error(`Expected one ${name}.`);
    all.merge([], withoutMissing(readSelector(environment, selector, errors)));
  }
  return all.at([]);
}

/** Relay returns undefined for missing fields. */
const withoutMissing = (data: unknown): object => JSON.parse(JSON.stringify(data));
