import { createClient } from "graphql-sse";
import type { Driver } from "../driver.ts";
import { installedVersion } from "../installed-version.ts";
import { mergedStates } from "../merged-states.ts";

export const graphqlSse: Driver = {
  title: "graphql-sse",
  version: installedVersion("graphql-sse"),
  supportsSubscriptions: true,
  connect: (url, fetchFn) => {
    const client = createClient({ url, fetchFn, retryAttempts: 0 });
    return {
      run: ({ query, variables }) => mergedStates(client.iterate({ query, variables: { ...variables } })),
      close: () => client.dispose(),
    };
  },
};
