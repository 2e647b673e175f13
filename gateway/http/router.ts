import type { Logger } from "pino";
import { type GraphiQL, isBrowserVisit } from "./graphiql.ts";
import { liveResponse, type ReadinessChecks, readyResponse, type WholeState } from "./health.ts";
import { jsonResponse } from "./json-response.ts";
import { landingPage } from "./landing-page.ts";

export interface Routes {
  graphql(request: Request, clientAddress?: string): Promise<Response>;
  /** Unset where GraphiQL is closed. */
  readonly graphiql: GraphiQL | undefined;
  readonly readiness: ReadinessChecks;
  readonly readinessTimeoutMs: number;
  wholeState(): WholeState;
  readonly logger: Logger;
}

/** Which part of the gateway answers a request. */
export function createRouter({ graphql, graphiql, readiness, readinessTimeoutMs, wholeState, logger }: Routes) {
  const answer = async (request: Request, clientAddress?: string): Promise<Response> => {
    switch (URL.parse(request.url)?.pathname) {
      case "/graphql":
        if (!isBrowserVisit(request)) return graphql(request, clientAddress);
        if (graphiql) return graphiql.page(request);
        return asksNothing(request) ? landingPage() : graphql(request, clientAddress);
      case "/health/live":
        return liveResponse();
      case "/health/ready":
        return readyResponse(wholeState(), readiness, readinessTimeoutMs, logger);
      case "/":
        if (graphiql && isBrowserVisit(request))
          return new Response(null, { status: 302, headers: { location: "/graphql" } });
        return notFound();
      default:
        return (await graphiql?.file(request)) ?? notFound();
    }
  };
  return async (request: Request, clientAddress?: string): Promise<Response> => {
    const response = await answer(request, clientAddress);
    response.headers.set("x-content-type-options", "nosniff");
    return response;
  };
}

const asksNothing = ({ url }: Request): boolean => URL.parse(url)?.search === "";

const notFound = (): Response =>
  jsonResponse({ error: "Not found. The graph is at /graphql, health at /health/live and /health/ready." }, 404);
