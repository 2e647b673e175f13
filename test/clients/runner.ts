import { inject, TestRunner, test } from "vitest";

/** Runs the tests of clients. Without the clients it skips whole files, because their imports would fail. */
export default class ClientsRunner extends TestRunner {
  override importFile(path: string, source: "collect" | "setup"): unknown {
    const missing = inject("missingClients");
    if (missing === undefined || source === "setup") return super.importFile(path, source);
    if (process.env.CI === "true") throw new Error(missing);
    return test("needs the clients", (context) => context.skip(missing));
  }
}
