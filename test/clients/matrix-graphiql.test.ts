import type { Page } from "playwright-core";
import { afterAll, beforeAll, vi } from "vitest";
import { compareWithTable } from "./matrix/compare-with-table.ts";
import { useControlledFields } from "./matrix/controlled-fields.ts";
import { openMonaco, stockGraphiQL, yogaGraphiQL } from "./matrix/drivers/graphiql.ts";
import { type PageHost, startGraphiQLPage } from "./matrix/graphiql-pages.ts";
import { runColumn } from "./matrix/run-column.ts";
import { useChromium } from "./support/browser.ts";
import { useServedAtlas } from "./support/served-atlas.ts";

const atlas = useServedAtlas();
const fields = useControlledFields();
const chromium = useChromium();
// Browsers are slow on small machines.
vi.setConfig({ testTimeout: 60_000 });

let host: PageHost | undefined;
beforeAll(async () => {
  host = await startGraphiQLPage();
});
afterAll(() => host?.close());

/** Opens a page once, and returns the same page afterwards. */
function once(address: (url: string) => string): (url: string) => Promise<Page> {
  let page: Promise<Page> | undefined;
  const open = async (url: string) => {
    const opened = await chromium().newPage();
    await opened.addInitScript(openMonaco);
    await opened.goto(address(url));
    return opened;
  };
  return (url) => {
    page ??= open(url);
    return page;
  };
}

const drivers = [
  yogaGraphiQL(once((url) => url)),
  stockGraphiQL(once((url) => `${host?.origin}/?${new URLSearchParams({ url })}`)),
];

compareWithTable(drivers, (driver, column) => {
  atlas().sun.resume();
  return runColumn(driver, column, atlas().url, fields);
});
