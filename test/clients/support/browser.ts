import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium } from "playwright-core";
import { afterAll, beforeAll, beforeEach, onTestFinished } from "vitest";

/** `TEST_CHROMIUM_PATH`, or where Linux distributions install it. */
const executablePath = process.env.TEST_CHROMIUM_PATH ?? "/usr/bin/chromium";

const flags = [
  "--headless=new",
  // Root, which is what a container usually is, has to do without the sandbox.
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Nothing but this machine can be reached, whatever a page tries.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

/**
 * Chromium for the tests of a file. Where the machine has none they are skipped with the reason, and fail when `CI` is
 * `true`.
 */
export function useChromium(): () => Browser {
  let browser: Browser | undefined;
  let missing: string | undefined;
  beforeAll(async () => {
    if (existsSync(executablePath)) {
      browser = await chromium.launch({ executablePath, args: flags });
      return;
    }
    missing = `No Chromium at ${executablePath}; TEST_CHROMIUM_PATH can name another place.`;
    if (process.env.CI === "true") throw new Error(missing);
  });
  beforeEach((context) => context.skip(missing !== undefined, missing));
  afterAll(() => browser?.close());
  return () => {
    if (browser === undefined) throw new Error("The browser is open only while the tests of its file run.");
    return browser;
  };
}

/** What a browser window did that nobody should have to look for. */
export interface WindowReport {
  /** Addresses outside the allowed origins that were asked for; each of these requests was refused. */
  readonly outsideRequests: string[];
  /** Errors and warnings of the console, and exceptions that nobody caught. */
  readonly complaints: string[];
}

/** A fresh window, large enough to show a whole answer, that may only talk to these origins; closed with the test. */
export async function openWindow(
  browser: Browser,
  origins: readonly string[],
): Promise<[BrowserContext, WindowReport]> {
  const context = await browser.newContext({ viewport: { width: 1400, height: 1500 } });
  onTestFinished(() => context.close());
  const report: WindowReport = { outsideRequests: [], complaints: [] };
  // A blob's origin is that of the page which made it; `data:` asks nobody.
  const isOutside = (url: URL) => url.protocol !== "data:" && !origins.includes(url.origin);
  await context.route(isOutside, (route) => route.abort());
  context.on("request", (request) => {
    if (isOutside(new URL(request.url()))) report.outsideRequests.push(request.url());
  });
  context.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") report.complaints.push(message.text());
  });
  context.on("weberror", (error) => report.complaints.push(String(error.error())));
  return [context, report];
}
