import type { StandardSchemaV1 } from "@standard-schema/spec";
import { TooLargeError, UnreadableBodyError } from "../../../rest/body.ts";
import { CallTimeoutError, ConnectionError } from "../../../rest/exchange.ts";
import { outgoingHeaders } from "../../../rest/headers.ts";
import { createHttp, type Http, type HttpResponse } from "../../../rest/http.ts";
import type { RestKey } from "../../../rest/reads.ts";
import { checkedBaseUrl } from "../../../rest/target.ts";
import { checkedOptions } from "../../../rest/upstream-options.ts";
import type { ResponseHeaders } from "../../../rest/upstream-read.ts";
import { validate } from "../../../rest/validate.ts";
import { CommandError } from "../../command-error.ts";
import type { BatchDeclaration } from "./declaration.ts";

/** A response of the service, valid or not. */
export interface ProbeResponse {
  readonly status: number;
  readonly urlLength: number;
  readonly headers: ResponseHeaders;
  /** Why its body is not JSON. Undefined if it is, or if the status is not 200. */
  readonly unreadable: string | undefined;
  /** The rows, not validated. Undefined if `items` returns no array. */
  readonly rows: readonly unknown[] | undefined;
  /** The body, not validated. */
  readonly json: unknown;
  /** The first difference from the declared body. Undefined if there is none. */
  readonly fault: string | undefined;
}

export interface ProbeOptions {
  readonly baseUrl: string;
  /** Headers of every call. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Default 60. A further call throws. */
  readonly maxCalls?: number;
  /** The timeout of a call, including its body, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
}

/** A service under test. It counts calls, and sends them with the HTTP client of the readers and their limits. */
export class ProbedService {
  readonly baseUrl: string;
  callCount = 0;
  readonly #declaration: BatchDeclaration;
  readonly #options: ProbeOptions;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #http: Http;

  constructor(declaration: BatchDeclaration, options: ProbeOptions) {
    const { baseUrl, headers, timeoutMs = 30_000 } = options;
    this.#declaration = declaration;
    this.#options = options;
    this.baseUrl = checked("--base-url", () => checkedBaseUrl(baseUrl));
    this.#headers = checked("--header", () => outgoingHeaders({ ...(headers && { headers }) }).for(new Headers()));
    this.#http = createHttp(checkedOptions({ name: "probe", baseUrl, timeoutMs }));
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  /** Sends a batch, exactly as the readers do. */
  async read(keys: readonly RestKey[]): Promise<ProbeResponse> {
    const { path, query, keys: encoding, body, items } = this.#declaration;
    const request = encoding.requestOf(keys);
    if ("json" in request) {
      const search = String(query ?? "");
      const url = `${this.baseUrl}${request.path ?? path}${search && `?${search}`}`;
      return this.#call(url, body, items, JSON.stringify(request.json));
    }
    const search = [String(query ?? ""), request.query].filter((part) => part !== "").join("&");
    return this.#call(`${this.baseUrl}${path}?${search}`, body, items);
  }

  /** Sends the read of one row. Undefined if the declaration has none. */
  async readSingle(key: RestKey): Promise<ProbeResponse | undefined> {
    const { single } = this.#declaration;
    return single && this.#call(`${this.baseUrl}${single.path(key)}`, single.body, (body) => [body]);
  }

  async #call(
    url: string,
    schema: StandardSchemaV1,
    items: ((body: unknown) => readonly unknown[]) | undefined,
    json?: string,
  ): Promise<ProbeResponse> {
    const { maxCalls = 60 } = this.#options;
    if (this.callCount >= maxCalls)
      throw new CommandError(`The probe needs more than ${maxCalls} calls: set a larger --max-calls.`);
    this.callCount++;
    const response = await this.#send(url, json);
    const { status, headers } = response;
    if (status === 429) {
      const after = headers["retry-after"];
      throw new CommandError(
        `${this.baseUrl} has reached a rate limit (status 429): try again later${after ? ` (retry-after: ${after})` : ""}.`,
      );
    }
    const { json: body, unreadable } = bodyOf(response);
    const fault = unreadable ?? (await faultOf(schema, body));
    return { status, headers, urlLength: url.length, rows: rowsIn(body, items), json: body, unreadable, fault };
  }

  async #send(url: string, json: string | undefined): Promise<HttpResponse & { readonly unreadable?: string }> {
    const call = { url: new URL(url), headers: this.#headers, ...(json !== undefined && { json }) };
    try {
      return await this.#http.send(call, new AbortController().signal);
    } catch (error) {
      if (error instanceof TooLargeError || error instanceof UnreadableBodyError) {
        return { status: 200, headers: {}, text: "", unreadable: error.message };
      }
      throw new CommandError(`The call to ${this.baseUrl} failed: ${reasonOf(error)}.`);
    }
  }
}

function bodyOf({ status, headers, text, unreadable }: HttpResponse & { readonly unreadable?: string }): {
  readonly json?: unknown;
  readonly unreadable: string | undefined;
} {
  if (status !== 200 || unreadable !== undefined) return { unreadable };
  try {
    return { json: JSON.parse(text), unreadable };
  } catch {
    const type = headers["content-type"];
    if (text.trim() === "") return { unreadable: "its body is empty" };
    return {
      unreadable: `its body is not JSON${type === undefined ? "" : ` (content-type: ${String(type).slice(0, 100)})`}`,
    };
  }
}

function checked<Value>(option: string, make: () => Value): Value {
  try {
    return make();
  } catch (error) {
    throw new CommandError(`${option}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function rowsIn(
  body: unknown,
  items: ((body: unknown) => readonly unknown[]) | undefined,
): readonly unknown[] | undefined {
  try {
    const rows = items ? items(body) : body;
    return Array.isArray(rows) ? rows : undefined;
  } catch {
    return undefined;
  }
}

async function faultOf(schema: StandardSchemaV1, body: unknown): Promise<string | undefined> {
  const { issues } = await validate(schema, body);
  const [issue] = issues ?? [];
  if (issue === undefined) return undefined;
  const path = issue.path?.map((part) => String(typeof part === "object" ? part.key : part)).join(".");
  return `${issue.message}${path ? ` at ${path}` : ""}`;
}

function reasonOf(error: unknown): string {
  if (error instanceof CallTimeoutError) return error.message;
  if (!(error instanceof ConnectionError)) return String(error);
  const { cause, responseStarted } = error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const reason = [code, error.message].filter((part) => part !== "").join(", ");
  return responseStarted ? `the response ended early (${reason})` : reason;
}
