import { pino } from "pino";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { createApp } from "../../../atlas/app.ts";
import { loadConfig } from "../../../config.ts";
import { useAtlasUrlIfAny } from "../../support/databases.ts";
import { type ControlledSun, startControlledSun } from "./controlled-sun.ts";

/** Atlas, listening on a port. */
export interface ServedAtlas {
  /** The URL of the GraphQL endpoint, and of GraphiQL in a browser. */
  readonly url: string;
  /** Paused at the start of each test. */
  readonly sun: ControlledSun;
}

/**
 * Serves Atlas with the seeded SQLite database and a controlled sun service for the tests of a file.
 *
 * @param settings beside the defaults
 */
export function useServedAtlas(settings: Readonly<Record<string, string>> = {}): () => ServedAtlas {
  const databaseUrl = useAtlasUrlIfAny("sqlite");
  const opened = new AsyncDisposableStack();
  let atlas: ServedAtlas | undefined;
  beforeAll(async () => {
    const url = databaseUrl();
    // Node includes SQLite, so there is no reason to skip.
    if (url === undefined) throw new Error("The SQLite database could not be filled.");
    atlas = await serveAtlas(url, settings, opened);
  });
  beforeEach(() => atlas?.sun.pause());
  afterEach(() => atlas?.sun.resume());
  afterAll(() => opened.disposeAsync());
  return () => {
    if (atlas === undefined) throw new Error("Atlas is available only within the tests of its file.");
    return atlas;
  };
}

async function serveAtlas(
  databaseUrl: string,
  settings: Readonly<Record<string, string>>,
  opened: AsyncDisposableStack,
): Promise<ServedAtlas> {
  const sun = await startControlledSun();
  opened.defer(() => sun.close());
  const config = loadConfig({
    NODE_ENV: "test",
    DATABASE_URL: databaseUrl,
    SUN_URL: sun.url,
    RATES_DRIFT_MS: "0",
    PORT: "0",
    LOG_LEVEL: "silent",
    // A paused request must not exceed its deadline on a slow machine.
    REQUEST_TIMEOUT_MS: "60000",
    ...settings,
  });
  const app = createApp({ config, logger: pino({ level: config.logLevel }) });
  opened.defer(() => app.close());
  const { url } = await app.gateway.listen(config);
  await app.open();
  // The query is not a trusted document.
  if (config.trustedDocuments !== "only") await warmUp(url);
  return { url, sun };
}

/** Sends a first request, so that lazy initialization does not happen during a test. */
async function warmUp(url: string): Promise<void> {
  const query = `{ country(code: "IS") { cities { totalCount } currencies { rate(to: "EUR") } capital { sun { sunset } } } }`;
  const response = await fetch(`${url}?${new URLSearchParams({ query })}`);
  const text = await response.text();
  if (!response.ok || text.includes('"errors"')) throw new Error(`The first request failed: ${text}`);
}
