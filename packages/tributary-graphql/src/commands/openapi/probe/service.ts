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

/** The response, of any kind. */
export interface Answer {
  readonly status: number;
  readonly urlLength: number;
  readonly headers: ResponseHeaders;
  /** Why its body is not JSON; undefined for one that is, and where the status is not 200. */
  readonly unreadable: string | undefined;
  /** The rows as they came; undefined where there are none to be found. */
  readonly rows: readonly unknown[] | undefined;
  /** The JSON as it came. */
  readonly json: unknown;
  /** How it differs from the body that was declared; undefined when it does not. */
  readonly fault: string | undefined;
}

export interface ProbeOptions {
  readonly baseUrl: string;
  /** Sent with every call. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Default 60. The probe stops before one more. */
  readonly maxCalls?: number;
  /** For one call, its body included. Default 30,000. */
  readonly timeoutMs?: number;
}

/** A service that is asked one call after the other, each of them counted, over the HTTP of the readers and with its limits. */
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

  /** One batch, exactly as the readers send it. */
  async ask(keys: readonly RestKey[]): Promise<Answer> {
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

  /** The read of one row, or undefined when none is declared. */
  async askSingle(key: RestKey): Promise<Answer | undefined> {
    const { single } = this.#declaration;
    return single && this.#call(`${this.baseUrl}${single.path(key)}`, single.body, (body) => [body]);
  }

  async #call(
    url: string,
    schema: StandardSchemaV1,
    items: ((body: unknown) => readonly unknown[]) | undefined,
    json?: string,
  ): Promise<Answer> {
    const { maxCalls = 60 } = this.#options;
    if (this.callCount >= maxCalls) throw new CommandError(`The probe stops after ${maxCalls} calls: see --max-calls.`);
    this.callCount++;
    const response = await this.#send(url, json);
    const { status, headers } = response;
    if (status === 429) {
      const after = headers["retry-after"];
      throw new CommandError(
        `${this.baseUrl} asks for patience${after ? `, for ${after} s` : ""} (status 429): try again later.`,
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
      throw new CommandError(`${this.baseUrl} cannot be asked: ${reasonOf(error)}.`);
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
  return responseStarted ? `its answer broke off (${reason})` : reason;
}
