import { createGitFolder } from "tributary-testing/git-folder.ts";
import { expect, test } from "vitest";
import { runChecks, summaryOf } from "../../src/commands/check.ts";

test("every check runs, also after a failed one, and the summary has their results", async () => {
  using folder = createGitFolder();
  const scripts = { "check:one": "exit 0", "check:two": "exit 3", "check:three": "exit 0", start: "exit 4" };
  folder.write({ "package.json": JSON.stringify({ scripts }) });
  const results = await runChecks(folder.root);
  expect(summaryOf(results)).toBe("ok     check:one\nFAILED check:two\nok     check:three");
});
