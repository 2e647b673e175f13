import { createHash, timingSafeEqual } from "node:crypto";
import { prometheusContentType } from "../telemetry/metrics/prometheus-text.ts";
import { jsonResponse, wholeResponse } from "./json-response.ts";

export interface MetricsEndpoint {
  text(): Promise<string>;
  /** Unset where every request is answered. */
  readonly token: string | undefined;
}

type Asked = Pick<Request, "method" | "headers">;

const uncached = { "cache-control": "no-store" };
const allow = { allow: "GET, HEAD, OPTIONS" };

/** Answers a request of `/metrics`: 401 without the token, 405 for a method that reads nothing. */
export function createMetricsEndpoint({ text, token }: MetricsEndpoint): (request: Asked) => Promise<Response> {
  const expected = token === undefined ? undefined : digestOf(token);
  return async ({ method, headers }) => {
    if (method === "OPTIONS") return new Response(null, { status: 204, headers: { ...uncached, ...allow } });
    if (method !== "GET" && method !== "HEAD")
      return jsonResponse({ error: "/metrics is read with GET." }, 405, { ...uncached, ...allow });
    if (expected !== undefined && !isToken(headers.get("authorization"), expected)) {
      const error = "The metrics need their token: authorization: Bearer <token>.";
      return jsonResponse({ error }, 401, { ...uncached, "www-authenticate": "Bearer" });
    }
    const head = { status: 200, headers: { ...uncached, "content-type": prometheusContentType } };
    return method === "HEAD" ? new Response(null, head) : wholeResponse(await text(), head);
  };
}

/** Compares digests, so that the time tells neither the token nor its length. */
function isToken(authorization: string | null, expected: Buffer): boolean {
  const given = /^bearer +(.+)$/i.exec(authorization ?? "")?.[1] ?? "";
  return timingSafeEqual(digestOf(given), expected);
}

const digestOf = (text: string): Buffer => createHash("sha256").update(text).digest();
