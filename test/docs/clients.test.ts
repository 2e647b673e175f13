import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), "utf8");

test("docs/clients.md shows the tested configuration of Apollo Client", async () => {
  const guide = await read("docs/clients.md");
  const tested = await read("test/clients/support/apollo-client.ts");
  const client = tested.slice(tested.indexOf("/** Apollo Client as")).trim();
  expect(client.length).toBeGreaterThan(500);
  expect(guide).toContain(client);
});
