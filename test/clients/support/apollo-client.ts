import { ApolloClient, HttpLink, InMemoryCache } from "@apollo/client";
import { Defer20220824Handler, type GraphQLCodegenIncremental } from "@apollo/client/incremental";
import { relayStylePagination } from "@apollo/client/utilities";

declare module "@apollo/client" {
  // Lets `dataState` tell apart the generated types before and after a deferred part has come.
  export interface TypeOverrides extends Defer20220824Handler.TypeOverrides, GraphQLCodegenIncremental.TypeOverrides {}
}

/** Apollo Client as an application over Atlas sets it up; this is all the configuration that the graph asks for. */
export function createApolloClient(uri: string): ApolloClient {
  return new ApolloClient({
    link: new HttpLink({ uri }),
    cache: new InMemoryCache({
      typePolicies: {
        // All pages of one list are one list, and a list with another filter or order is another.
        Query: { fields: { cities: relayStylePagination(["where", "orderBy"]) } },
        // What has no `id`: a currency is known by its code, and the sun of one place and day has only one answer.
        Currency: { keyFields: ["code"] },
        Sun: { merge: true },
        // Two pages may show different parts of one list: the one its items, the other how many there are.
        AirportConnection: { merge: true },
        CityConnection: { merge: true },
        CountryConnection: { merge: true },
      },
    }),
    incrementalHandler: new Defer20220824Handler(),
  });
}
