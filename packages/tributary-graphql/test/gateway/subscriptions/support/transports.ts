import { createClient as createSseClient } from "graphql-sse";
import { createClient as createWsClient } from "graphql-ws";
import { onTestFinished } from "vitest";

export interface ClientResult {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions?: Readonly<Record<string, unknown>>;
  }[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** The received events, one by one; a client leaves by `return`. */
export type ClientResults = AsyncIterableIterator<ClientResult, void, void>;

export interface Transport {
  readonly name: string;
  /** Subscribes with the client that is made for it. */
  subscribe(url: string, query: string, headers?: Readonly<Record<string, string>>): ClientResults;
}

export const webSocketUrl = (url: string): string => url.replace("http:", "ws:");

export const transports: readonly Transport[] = [
  {
    name: "server-sent events (graphql-sse)",
    subscribe(url, query, headers = {}) {
      const client = createSseClient({ url, retryAttempts: 0, headers });
      onTestFinished(() => client.dispose());
      return client.iterate({ query }) as ClientResults;
    },
  },
  {
    name: "WebSocket (graphql-ws)",
    subscribe(url, query, headers = {}) {
      const client = createWsClient({ url: webSocketUrl(url), retryAttempts: 0, connectionParams: headers });
      onTestFinished(() => void client.dispose());
      return client.iterate({ query }) as ClientResults;
    },
  },
];

/** The next result; fails if there is none. */
export async function nextOf(results: ClientResults): Promise<ClientResult> {
  const { done, value } = await results.next();
  if (done) throw new Error("The subscription has ended.");
  return value;
}
