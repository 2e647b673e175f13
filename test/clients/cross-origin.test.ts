import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { PageReport } from "./page/country.ts";
import { openWindow, useChromium, type WindowReport } from "./support/browser.ts";
import { sunAnswer } from "./support/held-sun.ts";
import { type PageServer, startPageServer } from "./support/page-server.ts";
import { collectResults } from "./support/results.ts";
import { useServedAtlas } from "./support/served-atlas.ts";

const atlas = useServedAtlas();
const chromium = useChromium();
// A browser beside other work, on a small machine.
vi.setConfig({ testTimeout: 60_000 });

let server: PageServer | undefined;
beforeAll(async () => {
  server = await startPageServer();
});
afterAll(() => server?.close());

/** A page on an origin of its own, as an application has that is being developed beside the gateway. */
async function openPage(): Promise<[Page, WindowReport]> {
  if (server === undefined) throw new Error("Pages are served only while the tests run.");
  const [context, report] = await openWindow(chromium(), [server.origin, new URL(atlas().url).origin]);
  const page = await context.newPage();
  await page.goto(`${server.origin}/page`);
  return [page, report];
}

/** Runs a function of page/country.ts in the page. Text, because the test runner rewrites an `import()` in code. */
const inPage = <Value>(page: Page, call: string): Promise<Value> =>
  page.evaluate(`import("/page/country.ts").then((country) => country.${call})`);

test("Apollo in a page of another origin shows a country before its sun, and the sun after", async () => {
  const [page, report] = await openPage();
  const states = collectResults<PageReport>();
  await page.exposeFunction("report", states.take);
  await inPage(page, `showCountry("${atlas().url}", "NO", report)`);
  expect(await states.next()).toMatchObject({ dataState: "empty", loading: true });
  const first = await states.next();
  expect(first).toMatchObject({ dataState: "streaming", data: { country: { capital: { name: "Oslo" } } } });
  expect(JSON.stringify(first)).not.toContain("sunrise");
  await atlas().sun.asked();
  atlas().sun.release();
  const { sunrise } = sunAnswer;
  expect(await states.next()).toMatchObject({
    dataState: "complete",
    data: { country: { capital: { sun: { sunrise } } } },
  });
  expect(report).toEqual({ outsideRequests: [], complaints: [] });
});

test("a page of another origin may ask for the calls of a request and read its id", async () => {
  const [page, report] = await openPage();
  const { id, calls } = await inPage<{ id: string; calls: unknown }>(page, `askWithHeaders("${atlas().url}")`);
  expect(id).toMatch(/\S/);
  expect(calls).toMatchObject([{ source: "countries" }]);
  expect(report).toEqual({ outsideRequests: [], complaints: [] });
});
