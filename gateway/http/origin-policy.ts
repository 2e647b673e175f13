import type { Logger } from "pino";

/** The headers that say where a request comes from and which host it asks, joined where several came. */
export interface OriginHeaders {
  readonly origin?: string | undefined;
  readonly host?: string | undefined;
  /** What a declared proxy was asked for; unset without one. */
  readonly forwardedHost?: string | undefined;
}

export interface OriginPolicyOptions {
  readonly isProduction: boolean;
  /** Exact origins whose pages may ask with credentials. Default: none in production, otherwise any. */
  readonly corsOrigins?: readonly string[] | undefined;
  readonly logger: Logger;
}

/**
 * What a page may do:
 *
 * - `own`: it came from this host, or there is no page behind the request (only browsers send `Origin`)
 * - `credentials`: of another origin; it may ask and read, with what the browser keeps for this host
 * - `anonymous`: it may ask and read, without that
 * - `refused`
 */
export type PageAccess = "own" | "credentials" | "anonymous" | "refused";

/** Which pages of other origins may ask and read, over HTTP and over WebSockets. */
export class OriginPolicy {
  readonly #options: OriginPolicyOptions;
  readonly #allowed: ReadonlySet<string> | undefined;

  constructor(options: OriginPolicyOptions) {
    this.#options = options;
    this.#allowed = options.corsOrigins && new Set(options.corsOrigins);
  }

  accessOf({ origin, host, forwardedHost }: OriginHeaders): PageAccess {
    if (origin === undefined) return "own";
    if (this.#allowed?.has(origin)) return "credentials";
    if (isOwn(origin, [host, forwardedHost?.split(",", 1)[0]])) return "own";
    if (this.#allowed || this.#options.isProduction) return "refused";
    return isLoopback(origin) ? "credentials" : "anonymous";
  }

  /** For whoever wonders why a page of theirs is refused. */
  logRefusal({ origin, host, forwardedHost }: OriginHeaders, what: string): void {
    this.#options.logger.warn(
      { origin, host, ...(forwardedHost !== undefined && { forwardedHost }) },
      `${what} of another origin was refused: CORS_ORIGINS does not name it`,
    );
  }
}

export const originHeadersOf = (headers: Headers): OriginHeaders => ({
  origin: headers.get("origin") ?? undefined,
  host: headers.get("host") ?? undefined,
  forwardedHost: headers.get("x-forwarded-host") ?? undefined,
});

function isOwn(origin: string, hosts: readonly (string | undefined)[]): boolean {
  const page = URL.parse(origin);
  if (!page || page.host === "") return false;
  // As a URL of the origin's scheme has it: without the port that goes without saying.
  return hosts.some((host) => host && URL.parse(`${page.protocol}//${host.trim()}`)?.host === page.host);
}

/** Whether a page comes from this machine. */
function isLoopback(origin: string): boolean {
  const name = URL.parse(origin)?.hostname ?? "";
  return name === "localhost" || name.endsWith(".localhost") || name === "[::1]" || /^127(\.\d+){3}$/.test(name);
}
