import type { GraphQLRequest } from "../request/graphql-request.ts";
import { encoded } from "./content-encoding.ts";
import { withCors } from "./cors.ts";
import { costHeaderOf } from "./cost-header.ts";
import type { OriginPolicy } from "./origin-policy.ts";
import { setAnswerHeaders } from "./security-headers.ts";
import { variesBy } from "./vary.ts";

/** Compresses an answer of `/graphql`, and adds the headers that each of them has. */
export async function finishResponse(
  plain: Response,
  request: GraphQLRequest,
  origins: OriginPolicy,
): Promise<Response> {
  const { headers } = request.client;
  const response = await encoded(plain, headers.get("accept-encoding"));
  response.headers.set("x-request-id", request.id);
  setAnswerHeaders(response.headers);
  const cost = costHeaderOf(request);
  if (cost !== undefined) response.headers.set("x-tributary-cost", cost);
  const limit = request.charge?.headers;
  for (const [name, value] of Object.entries(limit ?? {})) response.headers.set(name, value);
  response.headers.append("vary", variesBy);
  return withCors(headers, response, origins);
}
