import type { ObservableQuery } from "@apollo/client";
import { CountryPageDocument, type CountryPageQuery } from "../../../operations/operations.generated.ts";
import { createApolloClient } from "../support/apollo-client.ts";

/** What the page tells the test that opened it. */
export type PageReport = Pick<ObservableQuery.Result<CountryPageQuery>, "dataState" | "data" | "loading">;

/** A page that shows a country by Apollo Client, from a gateway at another address than its own. */
export function showCountry(uri: string, code: string, report: (state: PageReport) => void): void {
  createApolloClient(uri)
    .watchQuery({ query: CountryPageDocument, variables: { code } })
    .subscribe(({ dataState, data, loading }) => report({ dataState, data, loading }));
}

/** A request's id, for the message to whoever runs the gateway; and the calls that it took, where it shows them. */
export async function askWithHeaders(uri: string): Promise<{ id: string | null; calls: unknown }> {
  const response = await fetch(uri, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json", "x-tributary-calls": "1" },
    body: JSON.stringify({ query: `{ country(code: "NO") { name } }` }),
  });
  const { extensions } = await response.json();
  return { id: response.headers.get("x-request-id"), calls: extensions.calls };
}
