import { ApolloClient, type ApolloError, gql, HttpLink, InMemoryCache } from "apollo-client-3/core/core.cjs";
import type { Connection, Driver, Operation, State } from "../driver.ts";
import { installedVersion } from "../installed-version.ts";
import { StateQueue } from "../state-queue.ts";

export const apolloClient3: Driver = {
  title: "Apollo Client",
  version: installedVersion("apollo-client-3"),
  connect: connectApollo,
};

function connectApollo(uri: string, fetch: typeof globalThis.fetch): Connection {
  const cache = new InMemoryCache({ typePolicies: { Sun: { merge: true } } });
  const client = new ApolloClient({ link: new HttpLink({ uri, fetch }), cache });
  return {
    run: (operation) => runQuery(client, operation),
    cached: ({ query, variables }) =>
      cache.diff({ query: cache.transformDocument(gql(query)), variables, returnPartialData: true, optimistic: false })
        .result,
    close: () => client.stop(),
  };
}

/**
 * Its results do not tell whether more follow. The promise of `reobserve` resolves with the last result; `subscribe`
 * returns no promise, so the query starts on standby.
 */
async function* runQuery(client: ApolloClient<unknown>, { query, variables }: Operation): AsyncGenerator<State, void> {
  const states = new StateQueue<State>();
  const options = { query: gql(query), variables, errorPolicy: "all", fetchPolicy: "standby" } as const;
  const observable = client.watchQuery<unknown>(options);
  const subscription = observable.subscribe({
    next: ({ data, errors = [] }) => {
      if (data !== undefined || errors.length > 0) states.push({ data, errors });
    },
    error: (error: ApolloError) => states.fail(error),
  });
  observable.reobserve({ fetchPolicy: "cache-first" }).then(
    () => states.end(),
    (error: unknown) => states.fail(error),
  );
  try {
    yield* states;
  } finally {
    subscription.unsubscribe();
  }
}
