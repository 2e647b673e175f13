import type { IncomingHttpHeaders } from "node:http";

/**
 * Whether a page may open a WebSocket. The answers of HTTP are guarded by CORS, but a browser opens a WebSocket for any
 * page and sends the cookies along: whoever does not look at `Origin` lets every page act in its visitor's name.
 *
 * - `own`: the page came from this host, or there is no page behind it (only browsers send `Origin`)
 * - `foreign`: any other one
 *
 * What a proxy calls itself counts as this host too (`X-Forwarded-Host`): no page can set that header.
 */
export function originOf(headers: IncomingHttpHeaders): "own" | "foreign" {
  const { origin } = headers;
  if (origin === undefined) return "own";
  const host = URL.parse(origin)?.host;
  if (host === undefined || host === "") return "foreign";
  return hostsOf(headers).some((own) => hostWithDefaultPort(own, origin) === host) ? "own" : "foreign";
}

function hostsOf(headers: IncomingHttpHeaders): string[] {
  const forwarded = String(headers["x-forwarded-host"] ?? "").split(",", 1);
  return [headers.host ?? "", ...forwarded].map((host) => host.trim()).filter((host) => host !== "");
}

/** As a URL of the origin's scheme has it: without the port that goes without saying. */
const hostWithDefaultPort = (host: string, origin: string): string | undefined =>
  URL.parse(`${origin.slice(0, origin.indexOf("://"))}://${host}`)?.host;
