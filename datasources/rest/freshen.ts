import type { Dispatcher } from "undici";
import { type NetworkCall, networkCallOf } from "./network.ts";
import type { ResponseStore, StoredResponse } from "./response-store.ts";

type Headers = Parameters<NonNullable<Dispatcher.DispatchHandler["onResponseStart"]>>[2];

/**
 * An interceptor between the HTTP cache and the network: a 304 goes up to the cache as the whole answer that it stands
 * for, the stored body under the headers of both (RFC 9111, 4.3.4), so that it is fresh again.
 *
 * Without it, undici 8.12 uses a 304 for the read at hand alone. It leaves the stored answer as stale as it was, or
 * drops it when the 304 has a Cache-Control: every second read after the first expiry would transfer the whole body
 * (https://github.com/nodejs/undici/issues/5505; once that is settled, this file can go).
 */
export const freshen =
  (store: ResponseStore): Dispatcher.DispatcherComposeInterceptor =>
  (dispatch) =>
  (options, handler) => {
    const { origin, path, method } = options;
    const call = networkCallOf(options);
    const headers = options.headers as Record<string, string | string[]>;
    const isRevalidation = "if-none-match" in headers || "if-modified-since" in headers;
    if (!isRevalidation || call === undefined) return dispatch(options, handler);
    const stored = store.get({ origin: String(origin), path, method, headers });
    return dispatch(options, stored === undefined ? handler : new FresheningHandler(handler, stored, call));
  };

class FresheningHandler implements Dispatcher.DispatchHandler {
  readonly #inner: Dispatcher.DispatchHandler;
  readonly #stored: StoredResponse;
  readonly #call: NetworkCall;

  constructor(inner: Dispatcher.DispatchHandler, stored: StoredResponse, call: NetworkCall) {
    this.#inner = inner;
    this.#stored = stored;
    this.#call = call;
  }

  onRequestStart(controller: Dispatcher.DispatchController, context: unknown): void {
    this.#inner.onRequestStart?.(controller, context);
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: Headers, message?: string): void {
    const stored = this.#stored;
    if (status === 304 && isSameAnswer(stored, headers)) {
      this.#call.wasRevalidated = true;
      this.#inner.onResponseStart?.(controller, stored.statusCode, merged(stored, headers), stored.statusMessage);
    } else {
      this.#inner.onResponseStart?.(controller, status, headers, message);
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#inner.onResponseData?.(controller, chunk);
  }

  onResponseEnd(controller: Dispatcher.DispatchController, trailers: Headers): void {
    if (this.#call.wasRevalidated) this.#inner.onResponseData?.(controller, this.#stored.body);
    this.#inner.onResponseEnd?.(controller, trailers);
  }

  onResponseError(controller: Dispatcher.DispatchController, error: Error): void {
    this.#inner.onResponseError?.(controller, error);
  }
}

/** A 304 with another ETag is not about the stored answer; the cache then asks for the whole. */
const isSameAnswer = ({ etag }: StoredResponse, headers: Headers): boolean =>
  headers.etag === undefined || (etag !== undefined && opaque(etag) === opaque(String(headers.etag)));

const opaque = (etag: string): string => (etag.startsWith("W/") ? etag.slice(2) : etag);

function merged(stored: StoredResponse, headers: Headers): Headers {
  const all: Headers = { ...stored.headers };
  for (const [name, value] of Object.entries(headers)) {
    if (!aboutTheBody.has(name)) all[name] = value;
  }
  return all;
}

/** What a 304, which has no body, cannot say about the stored one (RFC 9111, 3.2). */
const aboutTheBody: ReadonlySet<string> = new Set([
  "content-encoding",
  "content-length",
  "content-range",
  "content-type",
  "transfer-encoding",
]);
