import type { FetchFunction, GraphQLResponse } from "relay-runtime";
import { readPayloads } from "./read-payloads.ts";
import { RelayResponses } from "./relay-responses.ts";

export interface RelayFetchOptions {
  /** The address of the graph. */
  readonly url: string;
  /** Sent with every request; asked for each time. */
  readonly headers?: () => Readonly<Record<string, string>>;
  /**
   * Default: `multipart/mixed` in the v0.2 format, or JSON. Any format and any media type that the server offers will
   * do.
   */
  readonly accept?: string;
  /** Default: the global `fetch`. */
  readonly fetch?: typeof fetch;
}

const defaultAccept = "multipart/mixed;incrementalSpec=v0.2, application/graphql-response+json, application/json;q=0.9";

/**
 * The network of a Relay environment, @defer and @stream included. A request is cancelled when Relay lets go of it.
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
      const run = async () => {
        try {
          if (text === null) throw new Error(`Expected the text of ${name} to send, got only the id ${id}.`);
          const body = JSON.stringify({ query: text, variables });
          for await (const response of ask(options, body, request.signal)) observer.next?.(response);
          if (!subscription.closed) observer.complete?.();
        } catch (error) {
          if (!subscription.closed) observer.error?.(error instanceof Error ? error : new Error(String(error)));
        }
      };
      run();
      return subscription;
    },
  });
}

async function* ask(
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
  for await (const payload of readPayloads(await fetch(url, init))) yield* responses.take(payload);
}
