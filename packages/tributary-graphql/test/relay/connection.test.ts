import { describe, expect, test, vi } from "vitest";
import { connection } from "../../src/relay/connection.ts";
import type { PageWindow } from "../../src/relay/page.ts";

const list = {
  madeFor: "letters",
  orderBy: [{ column: "letter", direction: "asc", type: "text" }],
  maxPageSize: 3,
} as const;
const letters = ["a", "b", "c", "d", "e"];

/** A list in memory that counts how often it is read. */
function lettersBy(arguments_: Parameters<typeof connection>[0]) {
  const reads = {
    page: vi.fn(async ({ size, backward, after, before }: PageWindow) => {
      const found = letters.filter(
        (letter) =>
          (after === undefined || letter > String(after[0])) && (before === undefined || letter < String(before[0])),
      );
      const rows = backward ? found.slice(-size || found.length) : found.slice(0, size);
      return { rows, hasMore: found.length > size, orderValues: (letter: string) => [letter] };
    }),
    totalCount: vi.fn(async () => letters.length),
    toItem: (letter: string) => letter,
  };
  return { ...connection(arguments_, list, reads), reads };
}

describe("connection", () => {
  test("a page and a count are read lazily, and a page only once", async () => {
    const found = lettersBy({ first: 2 });
    expect(found.reads.page).not.toHaveBeenCalled();
    await Promise.all([found.page(), found.page()]);
    expect(found.reads.page).toHaveBeenCalledTimes(1);
    expect(found.reads.totalCount).not.toHaveBeenCalled();
  });

  test("paging forward by endCursor and back by startCursor returns every item once, and detects the ends of the list", async () => {
    const forward: unknown[] = [];
    let after: string | undefined;
    for (;;) {
      const page = await lettersBy({ first: 2, after }).page();
      forward.push(...page.items);
      expect(page.hasPreviousPage).toBe(after !== undefined);
      if (!page.hasNextPage) break;
      after = page.cursorAt(page.items.length - 1);
    }
    expect(forward).toEqual(letters);

    const last = await lettersBy({ last: 2 }).page();
    expect(last).toMatchObject({ items: ["d", "e"], hasNextPage: false, hasPreviousPage: true });
    const before = await lettersBy({ last: 3, before: last.cursorAt(0) }).page();
    expect(before).toMatchObject({ items: ["a", "b", "c"], hasNextPage: true, hasPreviousPage: false });
  });

  test.each([
    [{ first: -1 }, "first: expected a number from 0 to 3, got -1."],
    [{ first: 4 }, "first: expected a number from 0 to 3, got 4."],
    [{ last: 4 }, "last: expected a number from 0 to 3, got 4."],
    [{ first: 1, last: 1 }, "first, last: expected one of the two, got both."],
  ])("%j is rejected before anything is read", (arguments_, message) => {
    expect(() => lettersBy(arguments_)).toThrow(expect.objectContaining({ code: "BAD_USER_INPUT", message }));
  });

  test("an explicit null counts as not given", async () => {
    const page = await lettersBy({ first: null, after: null, last: 1, before: null }).page();
    expect(page.items).toEqual(["e"]);
  });
});
