import { ApolloClient, HttpLink, InMemoryCache } from "@apollo/client";
import { Defer20220824Handler, type GraphQLCodegenIncremental } from "@apollo/client/incremental";
import { relayStylePagination } from "@apollo/client/utilities";

declare module "@apollo/client" {
  // Lets `dataState` distinguish the generated types before and after the deferred part.
  export interface TypeOverrides extends Defer20220824Handler.TypeOverrides, GraphQLCodegenIncremental.TypeOverrides {}
}

/** Apollo Client as an application over Atlas configures it. The graph needs no other configuration. */
export function createApolloClient(uri: string): ApolloClient {
  return new ApolloClient({
    link: new HttpLink({ uri }),
    cache: new InMemoryCache({
      typePolicies: {
        // The pages of a list are merged. A list with another filter or order is another list.
        Query: { fields: { cities: relayStylePagination(["where", "orderBy"]) } },
        // Types without `id`: the code identifies a currency, and a city has one sun per day.
        Currency: { keyFields: ["code"] },
        Sun: { merge: true },
        // Two pages may select different fields of one list: its items, and its `totalCount`.
        AirportConnection: { merge: true },
        CityConnection: { merge: true },
        CountryConnection: { merge: true },
      },
    }),
    incrementalHandler: new Defer20220824Handler(),
  });
}
