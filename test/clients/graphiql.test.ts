import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Locator, Page } from "playwright-core";
import { expect, onTestFinished, test, vi } from "vitest";
import { openWindow, useChromium } from "./support/browser.ts";
import { exampleQueries } from "./support/example-queries.ts";
import { useServedAtlas } from "./support/served-atlas.ts";

const atlas = useServedAtlas();
const chromium = useChromium();
// A browser beside other work, on a small machine.
vi.setConfig({ testTimeout: 60_000 });

/** Pictures for a person to look at; git ignores them. */
const screenshots = fileURLToPath(new URL("./screenshots", import.meta.url));

/** GraphiQL as a visitor finds it who has never been here. */
async function visit() {
  const { url } = atlas();
  const [context, report] = await openWindow(chromium(), [new URL(url).origin]);
  const page = await context.newPage();
  await page.goto(url);
  await playButton(page).waitFor();
  return { page, report };
}

const playButton = (page: Page): Locator => page.getByRole("button", { name: /^Execute query/ });
const answer = (page: Page): Locator => page.getByRole("region", { name: "Result Window" });

/**
 * Runs the tab's query until it answers with this field. More than once, because GraphiQL learns only some time after a
 * change of tabs which operation it has in front of it, and complains when it is asked to run one before.
 */
async function play(page: Page, field: string): Promise<void> {
  await playButton(page).click();
  await answer(page).getByText(`"${field}"`, { exact: true }).waitFor({ timeout: 3_000 });
}

async function photograph(page: Page, name: string): Promise<void> {
  await mkdir(screenshots, { recursive: true });
  await page.screenshot({ path: `${screenshots}/${name}.png` });
}

test("a first visitor finds a tab for every example", async () => {
  const { page } = await visit();
  const names = exampleQueries.map(({ name }) => name);
  const tabs = page.getByRole("tab");
  expect(await Promise.all(names.map((name) => tabs.filter({ hasText: name }).count()))).toEqual(names.map(() => 1));
  expect(await tabs.count()).toBe(names.length);
});

test("one click shows a country page, and its sun when the slow service has answered", async () => {
  const { page, report } = await visit();
  await playButton(page).click();
  await answer(page).getByText('"Norway"').waitFor();
  await answer(page).getByText('"Oslo"').first().waitFor();
  await atlas().sun.asked();
  expect(await answer(page).getByText('"sunrise"').count()).toBe(0);
  await photograph(page, "graphiql-before-the-sun");

  atlas().sun.release();
  await answer(page).getByText('"sunrise"').waitFor();
  await photograph(page, "graphiql");
  expect(report).toEqual({ outsideRequests: [], complaints: [] });
});

test("the play button runs every other example, its variables filled in", async () => {
  const { page, report } = await visit();
  for (const { name, field } of exampleQueries.slice(1)) {
    await page.getByRole("tab").getByText(name, { exact: true }).click();
    await page.getByRole("tab", { selected: true }).filter({ hasText: name }).waitFor();
    await vi.waitFor(() => play(page, field), { timeout: 50_000 });
    expect(await answer(page).getByText('"errors"').count(), name).toBe(0);
  }
  expect(report).toEqual({ outsideRequests: [], complaints: [] });
});

test("the documentation explorer is the manual of the graph", async () => {
  const { page, report } = await visit();
  await page.getByRole("button", { name: "Show Documentation Explorer" }).click();
  const manual = page.getByRole("region", { name: "Documentation Explorer" });
  await manual.getByText("Query", { exact: true }).click();
  await manual.getByText("Travel facts: countries, their cities and airports").waitFor();
  await manual.getByText("The cities of the world, the largest first unless ordered otherwise.").waitFor();
  await photograph(page, "documentation");
  expect(report).toEqual({ outsideRequests: [], complaints: [] });
});

/** Bytes that came over the wire, by what they are for. */
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
  await playButton(page).waitFor();
  // Not "networkidle": a browser has requests of its own, which may never end.
  await page.waitForLoadState("load");
  await session.detach();
  return bytes;
}

test("a second visit loads the small page again and none of its files", async () => {
  const { url } = atlas();
  // Not `openWindow`: what refuses a window's requests turns its cache off, too.
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
