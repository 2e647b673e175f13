import type { GraphQLRequest } from "./graphql-request.ts";

/** Ends a request: writes its log line, stops what still runs for it. Whoever comes second does nothing. */
export function endRequest(request: GraphQLRequest, status: number): void {
  const { lifetime, report } = request;
  if (lifetime.hasEnded) return;
  report.write(request, status);
  lifetime.end();
}

/** Never sent, only logged: what nginx writes for a client that closed its connection. */
export const clientGoneStatus = 499;
