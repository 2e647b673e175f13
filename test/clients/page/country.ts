import type { ObservableQuery } from "@apollo/client";
import { CountryPageDocument, type CountryPageQuery } from "../../../operations/operations.generated.ts";
import { createApolloClient } from "../support/apollo-client.ts";

/** A state of the client, sent to the test. */
export type PageReport = Pick<ObservableQuery.Result<CountryPageQuery>, "dataState" | "data" | "loading">;

/** Queries a country with Apollo Client, and reports its states. */
export function showCountry(uri: string, code: string, report: (state: PageReport) => void): void {
  createApolloClient(uri)
    .watchQuery({ query: CountryPageDocument, variables: { code } })
    .subscribe(({ dataState, data, loading }) => report({ dataState, data, loading }));
}

/** The id of a request from its response header, and its calls. */
export async function queryWithHeaders(uri: string): Promise<{ id: string | null; calls: unknown }> {
  const response = await fetch(uri, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json", "x-tributary-calls": "1" },
    body: JSON.stringify({ query: `{ country(code: "NO") { name } }` }),
  });
  const { extensions } = await response.json();
  return { id: response.headers.get("x-request-id"), calls: extensions.calls };
}
