import { refusal } from "../security/refusal.ts";
import { type OriginPolicy, originHeadersOf, type PageAccess } from "./origin-policy.ts";

/** Seconds for which a browser caches a preflight: without it, it sends one before each request. */
const preflightSeconds = 600;

/** Whether this is a CORS preflight. */
export const isPreflight = ({ method, headers }: Request): boolean =>
  method === "OPTIONS" && headers.has("origin") && headers.has("access-control-request-method");

/** Lets the page ask; undefined for one that may not. */
export function preflightResponse({ headers }: Request, policy: OriginPolicy): Response | undefined {
  const access = policy.accessOf(originHeadersOf(headers));
  if (access === "refused") return undefined;
  const allowed = corsHeaders(headers, access);
  const asked = headers.get("access-control-request-headers");
  return new Response(null, {
    status: 204,
    headers: {
      ...allowed,
      "access-control-allow-methods": "GET, POST",
      ...(asked && { "access-control-allow-headers": asked }),
      "access-control-max-age": String(preflightSeconds),
    },
  });
}

export const originRefused = () => refusal("FORBIDDEN", "A page of this origin may not ask here.", { status: 403 });

/** Adds the CORS headers to an answer, and `Vary: Origin` for caches. */
export function withCors(asked: Headers, response: Response, policy: OriginPolicy): Response {
  const { headers } = response;
  if (asked.has("origin")) {
    const allowed = corsHeaders(asked, accessOrLog(asked, policy));
    for (const [name, value] of Object.entries(allowed ?? {})) headers.set(name, value);
  }
  if (!/\borigin\b/i.test(headers.get("vary") ?? "")) headers.append("vary", "Origin");
  return response;
}

/** The page's access. A refusal leaves a line. */
export function accessOrLog(asked: Headers, policy: OriginPolicy): PageAccess {
  const from = originHeadersOf(asked);
  const access = policy.accessOf(from);
  if (access === "refused") policy.logRefusal(from);
  return access;
}

/** The CORS headers of an answer to a request with these headers; undefined where the page may not read it, or needs none. */
export function corsHeaders(asked: Headers, access: PageAccess): Record<string, string> | undefined {
  const origin = asked.get("origin");
  if (origin === null || access === "refused" || access === "own") return undefined;
  return {
    "access-control-allow-origin": origin,
    ...(access !== "anonymous" && { "access-control-allow-credentials": "true" }),
    "access-control-expose-headers": "x-request-id, x-tributary-cost, ratelimit, ratelimit-policy, retry-after",
  };
}
