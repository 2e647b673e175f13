/** Runs an executor with the packages of the gateway. `executors.ts` starts it, and sends requests over IPC. */
import { useOwnPackages } from "../own-packages.ts";
import { type CaseName, cases, makeData } from "./cases.ts";
import { type Execute, runWorker } from "./worker-loop.ts";

async function prepare(executor: string, name: CaseName, size: number): Promise<Execute> {
  useOwnPackages();
  const data = makeData(size);
  const { byHand, query }: { byHand?: (data: ReturnType<typeof makeData>) => unknown; query(size: number): string } =
    cases[name];
  if (executor === "by-hand") {
    if (byHand === undefined) throw new Error("there is no code by hand for this case");
    return () => ({ data: byHand(data) });
  }
  const { executionArgs, executeByGraphQLJs } = await import("./own-schema.ts");
  const argsOf = executionArgs(query(size), data);
  if (executor === "graphql-js") return () => executeByGraphQLJs(argsOf());
  const { execute } = await import("tributary-graphql/execution");
  return () => execute(argsOf());
}

if (import.meta.main) {
  const [executor = "", name = "", size = ""] = process.argv.slice(2);
  await runWorker(() => prepare(executor, name as CaseName, Number(size)));
}
