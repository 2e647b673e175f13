import type { FetchFunction, GraphQLResponse } from "relay-runtime";
import { readPayloads } from "./read-payloads.ts";
import { RelayResponses } from "./relay-responses.ts";

export interface RelayFetchOptions {
  /** The URL of the GraphQL endpoint. */
  readonly url: string;
  /** Headers of a request, called per request. */
  readonly headers?: () => Readonly<Record<string, string>>;
  /**
   * The `Accept` header. Default: `multipart/mixed` in the v0.2 format, or JSON. The 2022 format and
   * `text/event-stream` are read too.
   */
  readonly accept?: string;
  /** Default: the global `fetch`. */
  readonly fetch?: typeof fetch;
}

const defaultAccept = "multipart/mixed;incrementalSpec=v0.2, application/graphql-response+json, application/json;q=0.9";

/**
 * The fetch function of a Relay network, with @defer and @stream. A request is aborted when Relay unsubscribes.
 *
 * ```ts
 * const network = Network.create(createFetchFunction({ url: "/graphql" }));
 * ```
 */
export function createFetchFunction(options: RelayFetchOptions): FetchFunction {
  return ({ text, name, id }, variables) => ({
    subscribe: (observer) => {
      const request = new AbortController();
      const subscription = {
        closed: false,
        unsubscribe: () => {
          subscription.closed = true;
          request.abort();
        },
      };
      const execute = async () => {
        try {
          if (text === null)
            throw new Error(`${name} has an id, ${id}, and no text: persisted queries are not supported.`);
          const body = JSON.stringify({ query: text, variables });
          for await (const response of send(options, body, request.signal)) observer.next?.(response);
          if (!subscription.closed) observer.complete?.();
        } catch (error) {
          if (!subscription.closed) observer.error?.(error instanceof Error ? error : new Error(String(error)));
        }
      };
      execute();
      return subscription;
    },
  });
}

async function* send(
  { url, headers, accept = defaultAccept, fetch = globalThis.fetch }: RelayFetchOptions,
  body: string,
  signal: AbortSignal,
): AsyncGenerator<GraphQLResponse, void> {
  const init = {
    method: "POST",
    headers: { ...headers?.(), accept, "content-type": "application/json" },
    body,
    signal,
  };
  const responses = new RelayResponses();
  for await (const payload of readPayloads(await fetch(url, init))) yield* responses.add(payload);
}
