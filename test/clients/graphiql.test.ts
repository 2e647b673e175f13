import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Locator, Page } from "playwright-core";
import { expect, onTestFinished, test, vi } from "vitest";
import { openWindow, useChromium } from "./support/browser.ts";
import { exampleQueries } from "./support/example-queries.ts";
import { useServedAtlas } from "./support/served-atlas.ts";

const atlas = useServedAtlas();
const chromium = useChromium();
// Browsers are slow on small machines.
vi.setConfig({ testTimeout: 60_000 });

/** Screenshots for manual review; git ignores them. */
const screenshots = fileURLToPath(new URL("./screenshots", import.meta.url));

/** GraphiQL in a new browser context, without stored state. */
async function visit() {
  const { url } = atlas();
  const [context, report] = await openWindow(chromium(), [new URL(url).origin]);
  const page = await context.newPage();
  await page.goto(url);
  await executeButton(page).waitFor();
  return { page, report };
}

const executeButton = (page: Page): Locator => page.getByRole("button", { name: /^Execute query/ });
const result = (page: Page): Locator => page.getByRole("region", { name: "Result Window" });

/**
 * Executes the query of the tab, and waits for this field in the result. Fails soon, for a retry: after a change of tabs
 * GraphiQL needs some time to find the operation, and shows an error before.
 */
async function execute(page: Page, field: string): Promise<void> {
  await executeButton(page).click();
  await result(page).getByText(`"${field}"`, { exact: true }).waitFor({ timeout: 3_000 });
}

async function takeScreenshot(page: Page, name: string): Promise<void> {
  await mkdir(screenshots, { recursive: true });
  await page.screenshot({ path: `${screenshots}/${name}.png` });
}

test("the first visit shows a tab per example", async () => {
  const { page } = await visit();
  const names = exampleQueries.map(({ name }) => name);
  const tabs = page.getByRole("tab");
  expect(await Promise.all(names.map((name) => tabs.filter({ hasText: name }).count()))).toEqual(names.map(() => 1));
  expect(await tabs.count()).toBe(names.length);
});

test("the first tab shows a country page, and its sun after the response of the slow service", async () => {
  const { page, report } = await visit();
  await executeButton(page).click();
  await result(page).getByText('"Norway"').waitFor();
  await result(page).getByText('"Oslo"').first().waitFor();
  await atlas().sun.called();
  expect(await result(page).getByText('"sunrise"').count()).toBe(0);
  await takeScreenshot(page, "graphiql-before-the-sun");

  atlas().sun.resume();
  await result(page).getByText('"sunrise"').waitFor();
  await takeScreenshot(page, "graphiql");
  expect(report).toEqual({ externalRequests: [], problems: [] });
});

test("the other tabs execute with their variables", async () => {
  const { page, report } = await visit();
  for (const { name, field } of exampleQueries.slice(1)) {
    await page.getByRole("tab").getByText(name, { exact: true }).click();
    await page.getByRole("tab", { selected: true }).filter({ hasText: name }).waitFor();
    await vi.waitFor(() => execute(page, field), { timeout: 50_000 });
    expect(await result(page).getByText('"errors"').count(), name).toBe(0);
  }
  expect(report).toEqual({ externalRequests: [], problems: [] });
});

test("the documentation explorer shows the descriptions of the schema", async () => {
  const { page, report } = await visit();
  await page.getByRole("button", { name: "Show Documentation Explorer" }).click();
  const explorer = page.getByRole("region", { name: "Documentation Explorer" });
  await explorer.getByText("Query", { exact: true }).click();
  await explorer.getByText("Travel facts: countries, cities, airports").waitFor();
  await explorer.getByText("Cities of all countries. Default order: largest population first.").waitFor();
  await takeScreenshot(page, "documentation");
  expect(report).toEqual({ externalRequests: [], problems: [] });
});

/** Transferred bytes by path. */
async function bytesOfVisit(page: Page, go: () => Promise<unknown>): Promise<Map<string, number>> {
  const bytes = new Map<string, number>();
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  const urls = new Map<string, string>();
  session.on("Network.requestWillBeSent", ({ requestId, request }) => void urls.set(requestId, request.url));
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const path = new URL(urls.get(requestId) ?? "about:blank").pathname;
    bytes.set(path, (bytes.get(path) ?? 0) + encodedDataLength);
  });
  await go();
  await executeButton(page).waitFor();
  // Not "networkidle": requests of the browser itself may never end.
  await page.waitForLoadState("load");
  await session.detach();
  return bytes;
}

test("a second visit reads the scripts and styles from the browser cache", async () => {
  const { url } = atlas();
  // Not `openWindow`: its request interception disables the browser cache.
  const context = await chromium().newContext();
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const first = await bytesOfVisit(page, () => page.goto(url));
  const second = await bytesOfVisit(page, () => page.goto(`${url}?again`));
  const filesOf = (bytes: Map<string, number>) => Array.from(bytes).filter(([path]) => path.startsWith("/graphql/"));
  const sum = filesOf(first).reduce((total, [, bytes]) => total + bytes, 0);
  expect(sum).toBeGreaterThan(1_000_000);
  expect(sum).toBeLessThan(3_000_000);
  expect(filesOf(second).filter(([, bytes]) => bytes > 0)).toEqual([]);
});
