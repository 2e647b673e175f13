import { CallLog } from "../../core/call-log.ts";
import { pathsOfApp } from "../app-paths.ts";
import { CheckError } from "../command-error.ts";
import type { ClientOperation } from "./client-operations.ts";
import { type ListSizes, listSizesOf } from "./list-sizes.ts";
import { type AnswerForm, type Run, readPayloads, requestFor, runOperation } from "./run-operation.ts";
import type { RunningApp } from "./running-app.ts";
import { type Ask, resolveValues, type Sizes, type Values } from "./variables.ts";

/** How one operation ran with a short list and with a longer one, in each form of answer that clients ask for. */
export interface Measurement {
  readonly operation: ClientOperation;
  readonly runs: readonly SizedRuns[];
  /** How long the lists of the two answers are. */
  readonly lists: { readonly small: ListSizes; readonly large: ListSizes };
}

/** Two runs that differ in nothing but the variables. */
export interface SizedRuns {
  readonly form: AnswerForm;
  readonly small: Run;
  readonly large: Run;
}

/**
 * Runs an operation with both sizes: as one answer, and as a stream too when parts of it may follow later; a
 * subscription up to its first event.
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
  const run = async (form: AnswerForm): Promise<SizedRuns> => ({
    form,
    small: await runOperation(app, operation, small, form, trigger),
    large: await runOperation(app, operation, large, form, trigger),
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
    const [answer] = await app.ask(request, new CallLog(), (response) => readPayloads(response));
    if (answer?.errors) {
      throw new CheckError(`${pathsOfApp().variables}, ${name}: ${query} has no answer: ${answer.errors[0]?.message}`);
    }
    return answer?.data;
  };
  return resolveValues(values, ask);
}
