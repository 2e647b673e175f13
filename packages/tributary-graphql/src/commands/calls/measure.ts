import { CallLog } from "../../core/call-log.ts";
import { appPaths } from "../app-paths.ts";
import { CommandError } from "../command-error.ts";
import type { ClientOperation } from "./client-operations.ts";
import { type ListSizes, listSizesOf } from "./list-sizes.ts";
import { type ResponseFormat, type Run, readPayloads, requestFor, runOperation } from "./run-operation.ts";
import type { RunningApp } from "./running-app.ts";
import { type Ask, resolveValues, type Sizes, type Values } from "./variables.ts";

/** The executions of an operation with a short list and with a longer one, in each response format that clients use. */
export interface Measurement {
  readonly operation: ClientOperation;
  readonly runs: readonly SizedRuns[];
  /** The sizes of the lists in both results. */
  readonly lists: { readonly small: ListSizes; readonly large: ListSizes };
}

/** Two executions that differ only in their variables. */
export interface SizedRuns {
  readonly format: ResponseFormat;
  readonly small: Run;
  readonly large: Run;
}

/**
 * Executes an operation with both sets of variables: as JSON, and also as a stream if it is incremental. A subscription is
 * executed until its first event.
 */
export async function measure(
  app: RunningApp,
  operation: ClientOperation,
  sizes: Sizes = { small: {}, large: {} },
): Promise<Measurement> {
  const small = await resolveFor(app, operation, sizes.small);
  const large = await resolveFor(app, operation, sizes.large);
  const trigger = sizes.trigger && {
    query: sizes.trigger.query,
    variables: await resolveFor(app, operation, sizes.trigger.variables ?? {}),
  };
  const run = async (format: ResponseFormat): Promise<SizedRuns> => ({
    format,
    small: await runOperation(app, operation, small, format, trigger),
    large: await runOperation(app, operation, large, format, trigger),
  });
  const stream = operation.isIncremental && operation.kind !== "subscription" ? [await run("stream")] : [];
  const whole = await run(operation.kind === "subscription" ? "event" : "json");
  const sizesIn = ({ data }: Run): ListSizes => listSizesOf(data, operation.objectPaths);
  const lists = { small: sizesIn(whole.small), large: sizesIn(whole.large) };
  return { operation, runs: [...stream, whole], lists };
}

function resolveFor(app: RunningApp, { name }: ClientOperation, values: Values): Promise<Values> {
  const ask: Ask = async (query) => {
    const request = requestFor({ text: query }, {}, "application/json");
    const [payload] = await app.ask(request, new CallLog(), (response) => readPayloads(response));
    if (payload?.errors) {
      throw new CommandError(`${appPaths().variables}, ${name}: $query ${query} failed: ${payload.errors[0]?.message}`);
    }
    return payload?.data;
  };
  return resolveValues(values, ask);
}
