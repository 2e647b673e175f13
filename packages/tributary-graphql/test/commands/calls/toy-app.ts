import { AsyncLocalStorage } from "node:async_hooks";
import { pino } from "pino";
import { createGitFolder, type GitFolder } from "tributary-testing/git-folder.ts";
import { type ToyResolvers, toySchema } from "tributary-testing/toy-gateway.ts";
import { onTestFinished } from "vitest";
import { trackResolvers } from "../../../src/commands/calls/call-origin.ts";
import { type CallCheck, checkCalls } from "../../../src/commands/calls/check.ts";
import { type CallRecord, emptyRecord } from "../../../src/commands/calls/record.ts";
import type { RunningApp } from "../../../src/commands/calls/running-app.ts";
import { CallLog } from "../../../src/core/call-log.ts";
import type { RequestScope } from "../../../src/core/request-scope.ts";
import { createGateway } from "../../../src/gateway/gateway.ts";

/** An app whose sources answer from memory, with wrapped resolvers as in the check. */
export function toyApp(sdl: string, resolvers: ToyResolvers): RunningApp {
  const schema = toySchema(sdl, resolvers);
  const currentOrigin = trackResolvers(schema, () => "toys.ts:1");
  const logs = new AsyncLocalStorage<CallLog>();
  const gateway = createGateway<RequestScope>({
    schema,
    createContext: (scope) => scope,
    createCallLog: () => logs.getStore() ?? new CallLog(),
    logger: pino({ level: "silent" }),
    isProduction: false,
    requestTimeoutMs: 10_000,
    graphiql: { title: "Toys", tabs: [] },
    readiness: {},
  });
  gateway.markReady();
  const ask: RunningApp["ask"] = (request, log, read) => logs.run(log, async () => read(await gateway.fetch(request)));
  onTestFinished(() => gateway.close());
  return { ask, currentOrigin, [Symbol.asyncDispose]: () => gateway.close() };
}

/** Makes a call, as every source does. */
export async function callSource({ calls }: RequestScope, name: string, keys = 1): Promise<void> {
  const [source = "", call = ""] = name.split(".");
  await calls.beforeCall?.();
  const entry = calls.begin(source, call, keys);
  await new Promise((resolve) => setImmediate(resolve));
  entry.succeed(keys);
}

/** A folder with these operations and variables. */
export function operationsFolder(operations: Readonly<Record<string, string>>, variables: object = {}): GitFolder {
  const folder = createGitFolder();
  const files = Object.entries(operations).map(([name, text]) => [`operations/${name}.graphql`, text]);
  folder.write({ ...Object.fromEntries(files), "operations/variables.json": JSON.stringify(variables) });
  onTestFinished(() => folder[Symbol.dispose]());
  return folder;
}

/** Checks these operations against a record. */
export const check = (
  app: RunningApp,
  operations: Readonly<Record<string, string>>,
  variables: object,
  record: Partial<CallRecord> = {},
): Promise<CallCheck> => checkCalls(operationsFolder(operations, variables).root, app, { ...emptyRecord, ...record });
