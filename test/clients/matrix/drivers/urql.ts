import {
  type AnyVariables,
  Client,
  cacheExchange,
  type Exchange,
  fetchExchange,
  type OperationResult,
} from "@urql/core";
import { cacheExchange as graphcache } from "@urql/exchange-graphcache";
import type { Connection, Driver, Operation, State } from "../driver.ts";
import { installedVersion } from "../installed-version.ts";
import { StateQueue } from "../state-queue.ts";

export const urql: Driver = {
  title: "urql",
  version: installedVersion("@urql/core"),
  supportsSubscriptions: true,
  connect: (url, fetch) => connectUrql(url, fetch, cacheExchange),
};

export const urqlWithGraphcache: Driver = {
  title: `urql, graphcache ${installedVersion("@urql/exchange-graphcache")}`,
  version: installedVersion("@urql/core"),
  supportsSubscriptions: true,
  connect: (url, fetch) => connectUrql(url, fetch, graphcache({ keys: { Sun: () => null } })),
};

function connectUrql(url: string, fetch: typeof globalThis.fetch, cache: Exchange): Connection {
  const exchanges = [cache, fetchExchange];
  const client = new Client({ url, fetch, exchanges, preferGetMethod: false, fetchSubscriptions: true });
  return {
    run: (operation) => runQuery(client, operation),
    cached: ({ query, variables }) => client.readQuery(query, variables)?.data,
    close: () => undefined,
  };
}

async function* runQuery(client: Client, { query, variables }: Operation): AsyncGenerator<State, void> {
  const states = new StateQueue<State>();
  const isSubscription = query.startsWith("subscription");
  const results = isSubscription ? client.subscription(query, variables) : client.query(query, variables);
  const subscription = results.subscribe((result: OperationResult<unknown, AnyVariables>) => {
    const { data, error } = result;
    if (error?.networkError) return states.fail(error.networkError);
    states.push({ data: structuredClone(data), errors: error?.graphQLErrors ?? [] });
    if (!result.hasNext && !result.stale) states.end();
  });
  try {
    yield* states;
  } finally {
    subscription.unsubscribe();
  }
}
