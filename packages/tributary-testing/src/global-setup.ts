import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestProject } from "vitest/node";
import { DatabaseHost } from "./database-host.ts";
import { isTestDatabaseName } from "./database-names.ts";

/**
 * Runs once per test run, in the main process of vitest. Tests run in other processes, and ask this one over HTTP for the
 * URL of a database: `/blank/sqlite`, `/filled/postgres?by=file:///…/fill.ts`. `databases.ts` is the client.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const host = new DatabaseHost();
  const missing = new Map<string, string>();
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
    const name = pathname.split("/")[2] ?? "";
    const module = searchParams.get("by");
    const answer = !isTestDatabaseName(name)
      ? Promise.reject(new Error(`Unknown database ${name}.`))
      : module === null
        ? host.blank(name)
        : host.filled(name, module);
    answer.then(
      (url) => response.end(url),
      (error) => {
        const reason = error instanceof Error ? error.message : String(error);
        missing.set(name, reason);
        response.writeHead(503).end(reason);
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  project.provide("databaseHost", `http://127.0.0.1:${port}`);
  return async () => {
    server.close();
    server.closeAllConnections();
    await host.stop();
    for (const [name, reason] of missing) console.warn(`Tests that need ${name} were not run: ${reason}`);
  };
}

declare module "vitest" {
  export interface ProvidedContext {
    /** Base URL of the process that creates databases for the tests. */
    databaseHost: string;
  }
}
