import type { GraphQLRequest } from "./graphql-request.ts";

/** Ends a request: writes its log line, and stops the work that still goes on for it. A second call does nothing. */
export function endRequest(request: GraphQLRequest, status: number): void {
  const { lifetime, report } = request;
  if (lifetime.hasEnded) return;
  report.write(request, status);
  lifetime.end();
}

/** Never sent, only logged: nginx writes it for a client that closed its connection. */
export const clientGoneStatus = 499;
