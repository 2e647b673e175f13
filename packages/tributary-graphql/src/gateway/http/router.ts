import type { Logger } from "pino";
import { withCors } from "./cors.ts";
import { type GraphiQL, isBrowserVisit } from "./graphiql.ts";
import { type ClusterState, liveResponse, type ReadinessChecks, readyResponse } from "./health.ts";
import { jsonResponse } from "./json-response.ts";
import { landingPage } from "./landing-page.ts";
import type { OriginPolicy } from "./origin-policy.ts";
import { setPageHeaders } from "./security-headers.ts";

export interface Routes {
  graphql(request: Request, clientAddress?: string): Promise<Response>;
  /** Answers another path, which a plugin may serve; 404 where none does. Unset where no plugin can. */
  readonly elsewhere: ((request: Request) => Promise<Response>) | undefined;
  /** Unset where GraphiQL is closed. */
  readonly graphiql: GraphiQL | undefined;
  /** Unset where the metrics are not served. */
  readonly metrics: ((request: Request) => Promise<Response>) | undefined;
  readonly readiness: ReadinessChecks;
  readonly readinessTimeoutMs: number;
  clusterState(): ClusterState;
  readonly origins: OriginPolicy;
  readonly logger: Logger;
}

/** Selects the part of the gateway that answers a request. */
export function createRouter(routes: Routes) {
  const { graphql, elsewhere, graphiql, metrics, readiness, readinessTimeoutMs, clusterState, origins, logger } =
    routes;
  // A plugin decides itself who may frame and embed its pages.
  const ofPlugins = new WeakSet<Response>();
  const ofPlugin = (response: Response): Response => {
    ofPlugins.add(response);
    return response;
  };
  const answer = async (request: Request, path: string | undefined): Promise<Response> => {
    switch (path) {
      case "/graphql":
        return graphiql ? graphiql.page(request) : landingPage();
      case "/health/live":
        return liveResponse();
      case "/health/ready":
        return readyResponse(clusterState(), readiness, readinessTimeoutMs, logger);
      case "/":
        if (graphiql && isBrowserVisit(request))
          return new Response(null, { status: 302, headers: { location: "/graphql" } });
        return notFound();
      case "/metrics": {
        // A plugin may have metrics of its own.
        const response = await elsewhere?.(request);
        if (response !== undefined && response.status !== 404) return ofPlugin(response);
        return (await metrics?.(request)) ?? notFound();
      }
      default: {
        const file = await graphiql?.file(request);
        if (file) return file;
        const response = await elsewhere?.(request);
        return response === undefined || response.status === 404 ? notFound() : ofPlugin(response);
      }
    }
  };
  return async (request: Request, clientAddress?: string): Promise<Response> => {
    const path = URL.parse(request.url)?.pathname;
    const isAsked = !isBrowserVisit(request) || (graphiql === undefined && !asksNothing(request));
    if (path === "/graphql" && isAsked) return graphql(request, clientAddress);
    const response = await answer(request, path);
    if (!ofPlugins.has(response)) setPageHeaders(response.headers);
    response.headers.set("x-content-type-options", "nosniff");
    // No page reads the metrics.
    return path === "/metrics" && !ofPlugins.has(response) ? response : withCors(request.headers, response, origins);
  };
}

const asksNothing = ({ url }: Request): boolean => URL.parse(url)?.search === "";

const notFound = (): Response =>
  jsonResponse({ error: "Not found. The graph is at /graphql, health at /health/live and /health/ready." }, 404);
