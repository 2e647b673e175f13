import type { Page } from "playwright-core";
import { afterAll, beforeAll, vi } from "vitest";
import { openMonaco, stockGraphiQL, yogaGraphiQL } from "./matrix/drivers/graphiql.ts";
import { type PageHost, startGraphiQLPage } from "./matrix/graphiql-pages.ts";
import { holdToTable } from "./matrix/hold-to-table.ts";
import { runColumn } from "./matrix/run-column.ts";
import { useScene } from "./matrix/scene.ts";
import { useChromium } from "./support/browser.ts";
import { useServedAtlas } from "./support/served-atlas.ts";

const atlas = useServedAtlas();
const scene = useScene();
const chromium = useChromium();
// A browser beside other work, on a small machine.
vi.setConfig({ testTimeout: 60_000 });

let host: PageHost | undefined;
beforeAll(async () => {
  host = await startGraphiQLPage();
});
afterAll(() => host?.close());

/** Opens an address once; the page is closed with the browser. */
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

holdToTable(drivers, (driver, column) => {
  atlas().sun.release();
  return runColumn(driver, column, atlas().url, scene);
});
