import type { GraphQLError } from "graphql";
import type { RequestRun } from "../request-run.ts";
import { toClientError } from "../security/client-errors.ts";
import type { IncrementalEntry, Payload } from "./payload.ts";

/** A payload as it leaves the house: errors masked, deferred ones included, and the call log on the last one. */
export function publish(payload: Payload, run: RequestRun): Payload {
  const published: Payload = {
    ...payload,
    ...(payload.errors && { errors: clientErrors(payload.errors, run) }),
    ...(payload.incremental && { incremental: payload.incremental.map((entry) => publishEntry(entry, run)) }),
  };
  run.report.addPayload(hasData(payload));
  if (!run.showsCalls || payload.hasNext === true) return published;
  return { ...published, extensions: { ...payload.extensions, calls: run.calls.entries } };
}

export async function* publishAll(payloads: AsyncIterable<Payload>, run: RequestRun): AsyncGenerator<Payload, void> {
  for await (const payload of payloads) yield publish(payload, run);
}

const publishEntry = (entry: IncrementalEntry, run: RequestRun): IncrementalEntry =>
  entry.errors ? { ...entry, errors: clientErrors(entry.errors, run) } : entry;

const clientErrors = (errors: readonly GraphQLError[], run: RequestRun): GraphQLError[] =>
  errors.map((error) => toClientError(error, run));

const hasData = ({ data }: Payload): boolean => data !== null && data !== undefined;
