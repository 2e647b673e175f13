import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium } from "playwright-core";
import { afterAll, beforeAll, beforeEach, onTestFinished } from "vitest";

/** `TEST_CHROMIUM_PATH`, or the path in Linux distributions. */
const executablePath = process.env.TEST_CHROMIUM_PATH ?? "/usr/bin/chromium";

const flags = [
  "--headless=new",
  // Chromium's sandbox does not work for root, the usual user in a container.
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Pages can only connect to this machine.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

/** Chromium for the tests of a file. Without Chromium the tests are skipped with the reason, or fail with `CI=true`. */
export function useChromium(): () => Browser {
  let browser: Browser | undefined;
  let missing: string | undefined;
  beforeAll(async () => {
    if (existsSync(executablePath)) {
      browser = await chromium.launch({ executablePath, args: flags });
      return;
    }
    missing = `No Chromium at ${executablePath}: set TEST_CHROMIUM_PATH to its path.`;
    if (process.env.CI === "true") throw new Error(missing);
  });
  beforeEach((context) => context.skip(missing !== undefined, missing));
  afterAll(() => browser?.close());
  return () => {
    if (browser === undefined) throw new Error("The browser is available only within the tests of its file.");
    return browser;
  };
}

/** Problems in a browser window. */
export interface WindowReport {
  /** URLs of blocked requests to other origins. */
  readonly externalRequests: string[];
  /** Errors and warnings of the console, and uncaught exceptions. */
  readonly problems: string[];
}

/** A new window with access to these origins only, closed with the test. It is large enough for a whole result. */
export async function openWindow(
  browser: Browser,
  origins: readonly string[],
): Promise<[BrowserContext, WindowReport]> {
  const context = await browser.newContext({ viewport: { width: 1400, height: 1500 } });
  onTestFinished(() => context.close());
  const report: WindowReport = { externalRequests: [], problems: [] };
  // The origin of a blob is that of its page; `data:` makes no request.
  const isExternal = (url: URL) => url.protocol !== "data:" && !origins.includes(url.origin);
  await context.route(isExternal, (route) => route.abort());
  context.on("request", (request) => {
    if (isExternal(new URL(request.url()))) report.externalRequests.push(request.url());
  });
  context.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") report.problems.push(message.text());
  });
  context.on("weberror", (error) => report.problems.push(String(error.error())));
  return [context, report];
}
