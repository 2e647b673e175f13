import { createClient } from "graphql-ws";
import WebSocket from "ws";
import type { Driver } from "../driver.ts";
import { installedVersion } from "../installed-version.ts";
import { mergedStates } from "../merged-states.ts";

export const graphqlWs: Driver = {
  title: "graphql-ws",
  version: installedVersion("graphql-ws"),
  supportsSubscriptions: true,
  noStreamReason: "A WebSocket has no `accept` header to request a stream.",
  connect: (url) => {
    const client = createClient({ url: url.replace(/^http/, "ws"), webSocketImpl: WebSocket, retryAttempts: 0 });
    return {
      run: ({ query, variables }) => mergedStates(client.iterate({ query, variables: { ...variables } })),
      close: () => client.dispose(),
    };
  },
};
