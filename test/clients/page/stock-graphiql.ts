import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import { createElement } from "react";
import { createRoot } from "react-dom/client";

/** Renders GraphiQL with the configuration of its readme in an element of the page. */
export function showGraphiQL(url: string, element: Parameters<typeof createRoot>[0]): void {
  const fetcher = createGraphiQLFetcher({ url, subscriptionUrl: url.replace(/^http/, "ws") });
  createRoot(element).render(createElement(GraphiQL, { fetcher }));
}
