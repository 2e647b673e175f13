import { expect, test } from "vitest";
import { testDatabases, useBlankDatabases } from "../../src/databases.ts";

for (const name of testDatabases) useBlankDatabases(name);

test("fails after every kind of database has been used", () => {
  expect("this").toBe("that");
});
