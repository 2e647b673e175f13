import type { Logger } from "pino";
import { clipped } from "../../core/thrown-values.ts";

const loggedForMs = 60_000;
const maxLoggedOrigins = 100;
/** Characters of a header in a log line. */
const maxHeaderLength = 200;

/** The headers that say where a request comes from and which host it asks, joined where several came. */
export interface OriginHeaders {
  readonly origin?: string | undefined;
  readonly host?: string | undefined;
  /** The host that a trusted proxy was asked for; unset without one. */
  readonly forwardedHost?: string | undefined;
}

export interface OriginPolicyOptions {
  readonly isProduction: boolean;
  /** Exact origins whose pages may ask with credentials. Default: none in production, otherwise any. */
  readonly corsOrigins?: readonly string[] | undefined;
  readonly logger: Logger;
}

/**
 * The access of a page:
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
  /** Since `#loggedSince`, on the clock of `performance.now()`. */
  readonly #logged = new Set<string>();
  #loggedSince = Number.NEGATIVE_INFINITY;

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

  /**
   * Logs why an answer may not be read by its page: once for each origin in a minute, and for so many origins at most, since
   * each request of a page would repeat it.
   */
  logRefusal({ origin = "", host, forwardedHost }: OriginHeaders): void {
    if (this.#wasLogged(origin)) return;
    this.#options.logger.warn(
      {
        origin: clipped(origin, maxHeaderLength),
        host: host && clipped(host, maxHeaderLength),
        ...(forwardedHost !== undefined && { forwardedHost: clipped(forwardedHost, maxHeaderLength) }),
      },
      "a page of another origin may not read its answers: CORS_ORIGINS does not name the origin",
    );
  }

  #wasLogged(origin: string): boolean {
    const now = performance.now();
    if (now - this.#loggedSince > loggedForMs) {
      this.#logged.clear();
      this.#loggedSince = now;
    }
    if (this.#logged.has(origin) || this.#logged.size >= maxLoggedOrigins) return true;
    this.#logged.add(origin);
    return false;
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
