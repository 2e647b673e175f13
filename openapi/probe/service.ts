import type { StandardSchemaV1 } from "@standard-schema/spec";
import { CheckError } from "../../checks/check-error.ts";
import type { RestKey } from "../../datasources/rest/reads.ts";
import { checkedBaseUrl } from "../../datasources/rest/target.ts";
import type { BatchDeclaration } from "./declaration.ts";

/** What came back, whatever it was. */
export interface Answer {
  readonly status: number;
  readonly urlLength: number;
  readonly headers: Headers;
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
}

const timeoutMs = 30_000;

/** A service that is asked one call after the other, each of them counted. */
export class ProbedService {
  readonly baseUrl: string;
  callCount = 0;
  readonly #declaration: BatchDeclaration;
  readonly #options: ProbeOptions;

  constructor(declaration: BatchDeclaration, options: ProbeOptions) {
    this.#declaration = declaration;
    this.#options = options;
    this.baseUrl = checkedUrl(options.baseUrl);
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
    if (this.callCount >= maxCalls) throw new CheckError(`The probe stops after ${maxCalls} calls: see --max-calls.`);
    this.callCount++;
    const headers = { accept: "application/json", ...this.#options.headers };
    const init = json === undefined ? { headers } : post(json, headers);
    const response = await fetch(url, { ...init, redirect: "manual", signal: AbortSignal.timeout(timeoutMs) }).catch(
      (error: unknown) => {
        throw new CheckError(`${this.baseUrl} cannot be asked: ${reasonOf(error)}`);
      },
    );
    if (response.status === 429) {
      const after = response.headers.get("retry-after");
      throw new CheckError(
        `${this.baseUrl} asks for patience${after ? `, for ${after} s` : ""} (status 429): try again later.`,
      );
    }
    const body = parsed(await response.text());
    return {
      status: response.status,
      urlLength: url.length,
      headers: response.headers,
      rows: rowsIn(body, items),
      json: body,
      fault: await faultOf(schema, body),
    };
  }
}

const post = (body: string, headers: Record<string, string>) => ({
  method: "POST",
  body,
  headers: { ...headers, "content-type": "application/json" },
});

function checkedUrl(baseUrl: string): string {
  try {
    return checkedBaseUrl(baseUrl);
  } catch (error) {
    throw new CheckError(`--base-url: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
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
  const { issues } = await schema["~standard"].validate(body);
  const [issue] = issues ?? [];
  if (issue === undefined) return undefined;
  const path = issue.path?.map((part) => String(typeof part === "object" ? part.key : part)).join(".");
  return `${issue.message}${path ? ` at ${path}` : ""}`;
}

function reasonOf(error: unknown): string {
  const { cause, message } = error as { cause?: { code?: string; message?: string }; message?: string };
  return cause?.code ?? cause?.message ?? message ?? String(error);
}
