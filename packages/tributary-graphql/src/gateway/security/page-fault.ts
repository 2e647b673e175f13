import type { GraphQLError } from "graphql";
import { originRefused } from "../http/cors.ts";
import type { OriginPolicy } from "../http/origin-policy.ts";
import { refusal } from "./refusal.ts";

/** Elements that load a page of another site within their own. */
const frames: ReadonlySet<string | null> = new Set(["iframe", "frame", "embed", "object", "fencedframe"]);

/** What `IncomingMessage` and `Request` have in common. */
export interface PageRequest {
  readonly method: string;
  header(name: string): string | null | undefined;
}

/**
 * Why a request that a browser sends for a page of another origin may not run; undefined for all others. Clients that are no
 * browsers send neither `Sec-Fetch-…` nor `Origin`.
 *
 * - An image, a script, a style, a prefetch or a frame whose address is a query sends one with every view of the page, with
 *   its visitor's cookies, and its author cannot even read the answer. `fetch` sends `cors` or `same-origin`, and a link that
 *   somebody follows is a document.
 * - `fetch` and `EventSource` of an origin that CORS does not allow could not read the answer of a GET either, which they send
 *   without asking before. A POST of JSON they do ask for, with a preflight.
 */
export function pageFault(request: PageRequest, origins: OriginPolicy): GraphQLError | undefined {
  const mode = request.header("sec-fetch-mode") ?? null;
  const origin = request.method === "GET" ? (request.header("origin") ?? null) : null;
  if (mode === null && origin === null) return undefined;
  if (request.header("sec-fetch-site") === "same-origin") return undefined;
  const isFrame = mode === "navigate" && frames.has(request.header("sec-fetch-dest") ?? null);
  if (mode === "no-cors" || isFrame) {
    const message =
      'A page of another origin may not embed queries, as images or frames do. Send them by fetch with mode: "cors".';
    return refusal("FORBIDDEN", message, { status: 403 });
  }
  if (origin === null) return undefined;
  const host = request.header("host") ?? undefined;
  const forwardedHost = request.header("x-forwarded-host") ?? undefined;
  return origins.accessOf({ origin, host, forwardedHost }) === "refused" ? originRefused() : undefined;
}
