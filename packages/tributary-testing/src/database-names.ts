/** The databases that Atlas supports, for `describe.each(testDatabases)("on %s", (name) => …)`. */
export const testDatabases = ["sqlite", "postgres", "mariadb"] as const;

export type TestDatabaseName = (typeof testDatabases)[number];

export const isTestDatabaseName = (name: string): name is TestDatabaseName =>
  testDatabases.some((known) => known === name);
