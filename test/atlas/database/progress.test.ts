import { expect, test } from "vitest";
import { showProgress } from "../../../atlas/database/progress.ts";

const collect = (isTTY: boolean) => {
  const written: string[] = [];
  return { written, output: { isTTY, write: (text: string) => written.push(text) } };
};

test("a log gets one line per 20 percent for any number of progress reports", () => {
  const { written, output } = collect(false);
  const onProgress = showProgress(output);
  for (let done = 0; done <= 1_000; done++) onProgress(done, 1_000, "cities");
  expect(written).toEqual([
    "Filling the database: 0 % (cities)\n",
    "Filling the database: 20 % (cities)\n",
    "Filling the database: 40 % (cities)\n",
    "Filling the database: 60 % (cities)\n",
    "Filling the database: 80 % (cities)\n",
    "Filling the database: 100 % (cities)\n",
  ]);
});

test("a step of more than 20 percent is one line", () => {
  const { written, output } = collect(false);
  const onProgress = showProgress(output);
  onProgress(0, 100, "cities");
  onProgress(70, 100, "search terms");
  onProgress(75, 100, "search terms");
  expect(written).toEqual(["Filling the database: 0 % (cities)\n", "Filling the database: 70 % (search terms)\n"]);
});

test("a terminal gets a progress bar on one line, with a line break at the end", () => {
  const { written, output } = collect(true);
  const onProgress = showProgress(output);
  onProgress(50, 100, "cities");
  onProgress(100, 100, "indexes");
  expect(written[0]).toBe(`\r\u001b[KFilling the database ${"█".repeat(15)}${"░".repeat(15)} 50 % cities`);
  expect(written[1]).toBe(`\r\u001b[KFilling the database ${"█".repeat(30)} 100 % indexes\n`);
});
