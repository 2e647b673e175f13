import { describe, expect, test } from "vitest";
import { markdownReport, textReport } from "../../../src/commands/schema/report.ts";
import type { SchemaChanges } from "../../../src/commands/schema/schema-changes.ts";

const base = { commit: "1234567890abcdef", description: "HEAD^1" };

const none: SchemaChanges = { breaking: [], dangerous: [], safe: [], rejected: [], idleApprovals: [] };

const removed = {
  type: "FIELD_REMOVED",
  path: "City.sun",
  message: "Field 'sun' was removed from object type 'City'",
  why: "Removing a field is a breaking change.",
  affected: ["CityPage (operations/city-page.graphql)"],
};

const approval = { type: removed.type, path: removed.path, message: removed.message, reason: "night", by: "Ada" };

describe.each([
  ["on a terminal", textReport],
  ["as a comment", markdownReport],
])("%s the report", (_where, report) => {
  test("says that nothing changed, and names the base", () => {
    expect(report(none, base)).toMatch(/Schema compared with HEAD\^1 \(12345678\): no change for clients/);
  });

  test("says what breaks, which operations it affects and how to approve it", () => {
    const text = report({ ...none, breaking: [removed] }, base);
    expect(text).toContain(": 1 breaking change, 0 dangerous, 0 safe");
    expect(text).toContain(removed.message);
    expect(text).toContain("CityPage");
    expect(text).toContain("npx tributary schema approve");
  });

  test("names the approver and the reason, and asks for no approval then", () => {
    const text = report({ ...none, breaking: [{ ...removed, approval }] }, base);
    expect(text).toContain("1 breaking change (1 approved)");
    expect(text).toContain("approved by Ada: night");
    expect(text).not.toContain("npx tributary schema approve");
  });

  test("names an invalid operation first", () => {
    const rejected = [{ path: "operations/a.graphql", message: "Unknown field" }];
    const text = report({ ...none, rejected, breaking: [removed] }, base);
    expect(text).toContain("1 invalid operation, 1 breaking change");
    expect(text.indexOf("operations/a.graphql")).toBeLessThan(text.indexOf(removed.message));
  });

  test("says why nothing was compared", () => {
    expect(report(none, { description: "HEAD has no schema" })).toContain(
      "Schema compared with nothing, because HEAD has no schema",
    );
  });
});

test("the comment has no notification and no markup from the text of a schema", () => {
  const message = "Type 'A' @everyone <img src=x> [link](http://x)\n# heading | `code`";
  const text = markdownReport({ ...none, safe: [message] }, base);
  expect(text).not.toMatch(/@everyone|(?<!\\)<img|\n# heading/);
});
