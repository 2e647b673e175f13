import { ApolloClient, ApolloLink, CombinedGraphQLErrors, gql, HttpLink, NetworkStatus } from "@apollo/client";
import { Defer20220824Handler, GraphQL17Alpha9Handler } from "@apollo/client/incremental";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { OperationTypeNode } from "graphql";
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { createApolloClient } from "../../support/apollo-client.ts";
import type { ClientError, Connection, Driver, Operation, State } from "../driver.ts";
import { installedVersion } from "../installed-version.ts";
import { StateQueue } from "../state-queue.ts";

export const apolloClient4With2022: Driver = {
  title: "Apollo Client, `Defer20220824Handler`",
  version: installedVersion("@apollo/client"),
  supportsSubscriptions: true,
  connect: (url, fetch) => connectApollo(url, fetch, new Defer20220824Handler()),
};

export const apolloClient4WithV02: Driver = {
  title: "Apollo Client, `GraphQL17Alpha9Handler`",
  version: installedVersion("@apollo/client"),
  supportsSubscriptions: true,
  connect: (url, fetch) => connectApollo(url, fetch, new GraphQL17Alpha9Handler()),
};

function connectApollo(
  uri: string,
  fetch: typeof globalThis.fetch,
  incrementalHandler: Defer20220824Handler | GraphQL17Alpha9Handler,
): Connection {
  const { cache } = createApolloClient(uri);
  const socket = createClient({ url: uri.replace(/^http/, "ws"), webSocketImpl: WebSocket });
  const link = ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    new GraphQLWsLink(socket),
    new HttpLink({ uri, fetch }),
  );
  const client = new ApolloClient({ link, cache, incrementalHandler });
  return {
    run: (operation) =>
      operation.query.startsWith("subscription") ? runSubscription(client, operation) : runQuery(client, operation),
    cached: ({ query, variables }) =>
      cache.diff({
        query: client.cache.transformDocument(gql(query)),
        variables,
        returnPartialData: true,
        optimistic: false,
      }).result,
    close: async () => {
      client.stop();
      await socket.dispose();
    },
  };
}

async function* runQuery(client: ApolloClient, { query, variables }: Operation): AsyncGenerator<State, void> {
  const states = new StateQueue<State>();
  const subscription = client
    .watchQuery({ query: gql(query), variables, errorPolicy: "all" })
    .subscribe(({ data, error, networkStatus }) => {
      if (data !== undefined || error !== undefined) states.push({ data, errors: errorsOf(error) });
      if (networkStatus === NetworkStatus.ready || networkStatus === NetworkStatus.error) states.end();
    });
  try {
    yield* states;
  } finally {
    subscription.unsubscribe();
  }
}

async function* runSubscription(client: ApolloClient, { query, variables }: Operation): AsyncGenerator<State, void> {
  const states = new StateQueue<State>();
  const subscription = client.subscribe({ query: gql(query), variables, errorPolicy: "all" }).subscribe({
    next: ({ data, error }) => states.push({ data, errors: errorsOf(error) }),
    error: (error: unknown) => states.fail(error),
    complete: () => states.end(),
  });
  try {
    yield* states;
  } finally {
    subscription.unsubscribe();
  }
}

function errorsOf(error: unknown): readonly ClientError[] {
  if (error === undefined) return [];
  return CombinedGraphQLErrors.is(error) ? error.errors : [{ message: String(error) }];
}
