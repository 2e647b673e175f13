import { pino } from "pino";
import type { CallLogEntry } from "tributary-graphql";
import { afterAll, beforeAll } from "vitest";
import { type App, createApp } from "../../atlas/app.ts";
import { loadConfig } from "../../config.ts";
import { type TestDatabaseName, useAtlasUrlIfAny } from "./databases.ts";

export interface AtlasResult<Data> {
  /** The body of the response without `extensions`. */
  readonly text: string;
  readonly data: Data;
  readonly errors: readonly { message: string; path?: readonly (string | number)[]; extensions: { code: string } }[];
  readonly calls: readonly CallLogEntry[];
}

export interface Atlas {
  /** Sends a request to the gateway without a socket. `Data` is the expected type of the data, which is not checked. */
  query<Data>(document: string, variables?: Record<string, unknown>): Promise<AtlasResult<Data>>;
  fetch(request: Request): Promise<Response>;
}

/** Environment variables and the clock. */
export interface AtlasSettings {
  readonly environment?: Readonly<Record<string, string>>;
  readonly now?: () => Date;
}

/**
 * Atlas with its three services and the seeded database of this name, for the tests of this `describe`. Without such a
 * server on the machine the tests are skipped with the reason, or fail with `CI=true`.
 */
export function useAtlas(name: TestDatabaseName = "sqlite", { environment = {}, now }: AtlasSettings = {}): Atlas {
  const databaseUrl = useAtlasUrlIfAny(name);
  let app: App | undefined;
  beforeAll(async () => {
    const url = databaseUrl();
    if (url === undefined) return;
    const config = loadConfig({
      NODE_ENV: "test",
      SUN_LATENCY_MS: "0",
      RATES_DRIFT_MS: "0",
      LOG_LEVEL: "silent",
      ...environment,
      DATABASE_URL: url,
    });
    app = createApp({ config, logger: pino({ level: config.logLevel }), ...(now && { now }) });
    await app.open();
  });
  afterAll(() => app?.close());
  const fetch = (request: Request) => {
    if (app === undefined) throw new Error("Atlas is available only within the tests of its describe.");
    return app.gateway.fetch(request);
  };
  return { fetch, query: (document, variables) => post(fetch, document, variables) };
}

async function post<Data>(
  fetch: Atlas["fetch"],
  query: string,
  variables?: Record<string, unknown>,
): Promise<AtlasResult<Data>> {
  const response = await fetch(
    new Request("http://atlas.test/graphql", {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json", "x-tributary-calls": "1" },
      body: JSON.stringify({ query, variables }),
    }),
  );
  const { extensions, ...body } = await response.json();
  return {
    text: JSON.stringify(body),
    data: body.data,
    errors: body.errors ?? [],
    calls: extensions?.calls ?? [],
  };
}
