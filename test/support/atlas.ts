import { pino } from "pino";
import type { CallLogEntry } from "tributary-graphql";
import { afterAll, beforeAll } from "vitest";
import { type App, createApp } from "../../atlas/app.ts";
import { loadConfig } from "../../config.ts";
import { type TestDatabaseName, useAtlasUrlIfAny } from "./databases.ts";

export interface AtlasAnswer<Data> {
  /** The answer as it came, `extensions` left out. */
  readonly text: string;
  readonly data: Data;
  readonly errors: readonly { message: string; path?: readonly (string | number)[]; extensions: { code: string } }[];
  readonly calls: readonly CallLogEntry[];
}

export interface Atlas {
  /** Asks through the whole stack without a socket. `Data` is the test's word for what it asked for. */
  query<Data>(document: string, variables?: Record<string, unknown>): Promise<AtlasAnswer<Data>>;
  fetch(request: Request): Promise<Response>;
}

/** What a test may set: variables as the environment has them, and the clock. */
export interface AtlasSettings {
  readonly environment?: Readonly<Record<string, string>>;
  readonly now?: () => Date;
}

/**
 * Atlas with its three services over the filled database of this name, for the tests of this `describe`. Where the
 * machine has no such server they are skipped with the reason, and fail when `CI` is `true`.
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
    if (app === undefined) throw new Error("Atlas runs only while the tests of its describe run.");
    return app.gateway.fetch(request);
  };
  return { fetch, query: (document, variables) => ask(fetch, document, variables) };
}

async function ask<Data>(
  fetch: Atlas["fetch"],
  query: string,
  variables?: Record<string, unknown>,
): Promise<AtlasAnswer<Data>> {
  const response = await fetch(
    new Request("http://atlas.test/graphql", {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json", "x-tributary-calls": "1" },
      body: JSON.stringify({ query, variables }),
    }),
  );
  const { extensions, ...answer } = await response.json();
  return {
    text: JSON.stringify(answer),
    data: answer.data,
    errors: answer.errors ?? [],
    calls: extensions?.calls ?? [],
  };
}
