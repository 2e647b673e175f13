import { pino } from "pino";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { createApp } from "../../../atlas/app.ts";
import { loadConfig } from "../../../config.ts";
import { useAtlasUrlIfAny } from "../../support/databases.ts";
import { type HeldSun, startHeldSun } from "./held-sun.ts";

/** Atlas on a port of its own, as clients meet it. */
export interface ServedAtlas {
  /** The address of the graph, and of GraphiQL for a browser. */
  readonly url: string;
  /** Held back when a test begins: nothing that asks for the sun is answered in full until the test releases it. */
  readonly sun: HeldSun;
}

/** Serves Atlas over the filled SQLite database for the tests of a file, its sun service in their hands. */
export function useServedAtlas(): () => ServedAtlas {
  const databaseUrl = useAtlasUrlIfAny("sqlite");
  const opened = new AsyncDisposableStack();
  let atlas: ServedAtlas | undefined;
  beforeAll(async () => {
    const url = databaseUrl();
    // Every Node has SQLite: without it something is broken, and nothing to be skipped.
    if (url === undefined) throw new Error("The SQLite database could not be filled.");
    atlas = await serveAtlas(url, opened);
  });
  beforeEach(() => atlas?.sun.hold());
  afterEach(() => atlas?.sun.release());
  afterAll(() => opened.disposeAsync());
  return () => {
    if (atlas === undefined) throw new Error("Atlas is served only while the tests of its file run.");
    return atlas;
  };
}

async function serveAtlas(databaseUrl: string, opened: AsyncDisposableStack): Promise<ServedAtlas> {
  const sun = await startHeldSun();
  opened.defer(() => sun.close());
  const config = loadConfig({
    NODE_ENV: "test",
    DATABASE_URL: databaseUrl,
    SUN_URL: sun.url,
    RATES_DRIFT_MS: "0",
    PORT: "0",
    LOG_LEVEL: "silent",
    // A request that waits for a test must not run into its deadline on a slow machine.
    REQUEST_TIMEOUT_MS: "60000",
  });
  const app = createApp({ config, logger: pino({ level: config.logLevel }) });
  opened.defer(() => app.close());
  const { url } = await app.gateway.listen(config);
  await app.open();
  await warmUp(url);
  return { url, sun };
}

/** Lets a first request pay for what is made on first use, so that none of it happens while a test holds back the sun. */
async function warmUp(url: string): Promise<void> {
  const query = `{ country(code: "IS") { cities { totalCount } currencies { rate(to: "EUR") } capital { sun { sunset } } } }`;
  const response = await fetch(`${url}?${new URLSearchParams({ query })}`);
  const text = await response.text();
  if (!response.ok || text.includes('"errors"')) throw new Error(`Atlas does not answer: ${text}`);
}
