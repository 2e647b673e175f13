import { describe, expect, test } from "vitest";
import { linkTarget } from "../../src/rest/link-header.ts";

describe("the next link of a Link header", () => {
  test.each<[string, string | string[] | undefined, string | null]>([
    ["is the one with the relation", '<a>; rel="prev", <b>; rel="next"', "b"],
    ["may have no quotes, and any case", "<b>; REL=Next", "b"],
    ["may have several relations", '<b>; rel="last\tnext"', "b"],
    ["may have commas and semicolons in its target", '<b?a=1,2;c=3>; rel="next"', "b?a=1,2;c=3"],
    [
      "is not taken from a quoted parameter of another link",
      '<a>; title="x, <c>; rel=next"; rel=prev, <b>; rel=next',
      "b",
    ],
    ["is found behind escaped quotes", '<a>; title="\\", <c>; rel=\\"next"; rel=prev, <b>; rel=next', "b"],
    ["may be escaped in its quotes", '<b>; rel="\\n\\ext"', "b"],
    ["goes by the first rel parameter alone", "<a>; rel=prev; rel=next, <b>; rel=next", "b"],
    ["is not one about another page", '<a>; rel=next; anchor="/other", <b>; rel=next', "b"],
    ["is found among parameters without a value and with odd blanks", "<b> ;  crossorigin ;rel = next", "b"],
    ["may be in one of several headers", ["<a>; rel=prev", "<b>; rel=next"], "b"],
    ["may stand after empty elements", ", ,<b>; rel=next", "b"],
    ["may have an empty target", "<>; rel=next", ""],
    ["is none without a header", undefined, null],
    ["is none in an empty one", "", null],
    ["is none without its relation", "<a>; rel=prev, <b>", null],
    ["is none when a word only begins like it", "<a>; rel=nextpage", null],
    ["is none in what is no such header", "next: /b", null],
    ["is none when the target has no end", "<b; rel=next", null],
    ["is none when a quote has no end", '<b>; title="x; rel=next', null],
  ])("%s", (_name, header, target) => {
    expect(linkTarget(header, "next")).toBe(target);
  });

  test.each([
    ["blanks", `<a>;${" ".repeat(200_000)}x`],
    ["quotes without an end", '<a>;a="'.repeat(30_000)],
    ["backslashes", `<a>;a="${"\\".repeat(200_001)}`],
    ["targets without an end", "<".repeat(200_000)],
    ["parameters", `<a>${";a=b".repeat(50_000)}`],
    ["equals signs", `<a>;a${" =".repeat(100_000)}`],
  ])("takes linear time with 200,000 %s", (_name, header) => {
    const started = process.cpuUsage().user;
    linkTarget(header, "next");
    // Quadratic time would be tens of seconds here.
    expect(process.cpuUsage().user - started).toBeLessThan(2_000_000);
  });
});
