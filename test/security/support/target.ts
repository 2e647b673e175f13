import { once } from "node:events";
import { connect } from "node:net";
import { createClient } from "graphql-ws";
import { pino } from "pino";
import { CallLog } from "tributary-graphql";
import { afterAll, beforeAll } from "vitest";
import { type App, createApp } from "../../../atlas/app.ts";
import { loadConfig } from "../../../config.ts";
import { useAtlasUrlIfAny } from "../../support/databases.ts";

export interface AttackedError {
  readonly message: string;
  readonly extensions?: { readonly code?: string };
}

/** The answer to an attack, whichever way it came. */
export interface AttackAnswer {
  /** Of HTTP; undefined over a WebSocket. */
  readonly status: number | undefined;
  /** The whole answer as text. */
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>> | null | undefined;
  readonly errors: readonly AttackedError[];
}

export interface Operation {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly operationName?: string | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

export const transports = ["POST", "GET", "event stream", "multipart", "WebSocket"] as const;
export type Transport = (typeof transports)[number];

/** The work that requests have caused. */
export interface Work {
  /** Operations that were executed by a plan. */
  readonly executions: number;
  /** Calls to the database and the services. */
  readonly calls: number;
}

export interface Target {
  send(transport: Transport, operation: Operation, headers?: Readonly<Record<string, string>>): Promise<AttackAnswer>;
  /** Sends bytes over a connection of their own, and gives all that came back until the server or the timeout ended it. */
  sendBytes(bytes: string | Buffer): Promise<string>;
  work(): Work;
  /** All lines of the log. */
  readonly log: readonly string[];
  url(): string;
}

class CountedCalls extends CallLog {
  override readonly beforeCall: () => Promise<void>;

  constructor(count: () => Promise<void>) {
    super();
    this.beforeCall = count;
  }
}

/** Atlas as in production, listening, with a count of what it does. */
export function useTarget(environment: Readonly<Record<string, string>> = {}): Target {
  const databaseUrl = useAtlasUrlIfAny("sqlite");
  const log: string[] = [];
  let app: App | undefined;
  let url = "";
  let calls = 0;
  beforeAll(async () => {
    const config = loadConfig({
      NODE_ENV: "production",
      SUN_LATENCY_MS: "0",
      RATES_DRIFT_MS: "0",
      ...environment,
      DATABASE_URL: databaseUrl() ?? "",
    });
    const count = async (): Promise<void> => {
      calls += 1;
    };
    const createCallLog = () => new CountedCalls(count);
    const logger = pino({ level: "info" }, { write: (line: string) => void log.push(line) });
    app = createApp({ config, logger, gateway: { createCallLog } });
    await app.open();
    ({ url } = await app.gateway.listen({ host: "127.0.0.1", port: 0 }));
  });
  afterAll(() => app?.close());
  return {
    log,
    url: () => url,
    send: (transport, operation, headers) => send(url, transport, operation, headers),
    sendBytes: (bytes) => sendBytes(Number(new URL(url).port), bytes),
    work() {
      if (app === undefined) throw new Error("The target is available only within the tests of its file.");
      const { executions } = app.gateway;
      return { executions: executions.planned, calls };
    },
  };
}

async function send(
  url: string,
  transport: Transport,
  operation: Operation,
  headers: Readonly<Record<string, string>> = {},
): Promise<AttackAnswer> {
  if (transport === "WebSocket") return sendOverSocket(url, operation);
  if (transport === "GET") {
    return answerOf(
      await fetch(`${url}?${searchOf(operation)}`, { headers: { accept: "application/json", ...headers } }),
    );
  }
  return answerOf(
    await fetch(url, {
      method: "POST",
      headers: { accept: accepted[transport], "content-type": "application/json", ...headers },
      body: JSON.stringify(operation),
    }),
  );
}

const accepted = {
  POST: "application/graphql-response+json",
  "event stream": "text/event-stream",
  multipart: "multipart/mixed;deferSpec=20220824, application/json",
} as const;

function searchOf(operation: Operation): URLSearchParams {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(operation)) {
    if (value !== undefined) search.set(name, typeof value === "string" ? value : JSON.stringify(value));
  }
  return search;
}

async function answerOf(response: Response): Promise<AttackAnswer> {
  const text = await response.text();
  const json = text.match(/^\s*\{[\s\S]*\}\s*$/) ? text : (text.match(/\{"(?:data|errors)[^\r\n]*/)?.[0] ?? "{}");
  return { status: response.status, text, errors: [], data: undefined, ...JSON.parse(json) };
}

async function sendOverSocket(url: string, operation: Operation): Promise<AttackAnswer> {
  const client = createClient({ url: url.replace("http:", "ws:"), retryAttempts: 0 });
  try {
    return await new Promise<AttackAnswer>((resolve, reject) => {
      const answer = (result: object) =>
        resolve({ status: undefined, text: JSON.stringify(result), errors: [], data: undefined, ...result });
      client.subscribe(operation as Parameters<typeof client.subscribe>[0], {
        next: (result) => answer(result),
        error: (errors) => (Array.isArray(errors) ? answer({ errors }) : reject(errors)),
        complete: () => undefined,
      });
    });
  } finally {
    await client.dispose();
  }
}

async function sendBytes(port: number, bytes: string | Buffer): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  const received: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => received.push(chunk));
  socket.on("error", () => undefined);
  await once(socket, "connect");
  socket.write(bytes);
  // Half closed: the server answers what it has, and closes.
  socket.end();
  await once(socket, "close");
  return Buffer.concat(received).toString("latin1");
}
