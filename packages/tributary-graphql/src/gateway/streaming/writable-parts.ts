import type { GraphQLError } from "graphql";
import type { GraphQLRequest } from "../request/graphql-request.ts";
import { toClientError } from "../security/client-errors.ts";
import type { CompletedPart, IncrementalEntry, Payload, ResponsePath } from "./payload.ts";
import { type WritableData, WritableValues } from "./writable-values.ts";
import { isWritable, writable } from "./write-payload.ts";

interface OpenPart {
  readonly path: ResponsePath;
  /** Of a list: the index of its next item. */
  nextIndex: number;
  /** Set when null propagated beyond the part: nothing further of it is delivered. */
  errors?: readonly GraphQLError[];
}

/**
 * The payloads of one stream without the values that JSON cannot be made of. Remembers which parts are open, since an
 * entry says only by its part where in the response it belongs.
 */
export class WritableParts {
  readonly #request: GraphQLRequest;
  readonly #parts = new Map<string, OpenPart>();

  constructor(request: GraphQLRequest) {
    this.#request = request;
  }

  writable(payload: Payload): Payload {
    for (const { id, path, initialCount = 0 } of payload.pending ?? [])
      this.#parts.set(id, { path, nextIndex: initialCount });
    const whole = payload.data === undefined ? payload : this.#initial(payload);
    const incremental = whole.incremental?.flatMap((entry) => this.#entry(entry));
    const completed = whole.completed?.map((part) => this.#close(part));
    return { ...whole, ...(incremental && { incremental }), ...(completed && { completed }) };
  }

  #initial(payload: Payload): Payload {
    const { data, errors, extensions } = payload;
    if (isWritable({ data, extensions })) return payload;
    return { ...payload, ...writable({ data, ...(errors && { errors }) }, this.#request) };
  }

  #entry(entry: IncrementalEntry): IncrementalEntry[] {
    const part = this.#parts.get(entry.id);
    if (part === undefined) return [entry];
    if (part.errors) return [];
    const start = part.nextIndex;
    part.nextIndex += entry.items?.length ?? 0;
    if (isWritable(entry)) return [entry];
    const { data, errors } = this.#values(entry, part, start);
    const found = errors.map((error) => toClientError(error, this.#request));
    if (data === undefined) {
      part.errors = [...(entry.errors ?? []), ...found];
      return [];
    }
    return [
      {
        ...entry,
        ...(entry.items ? { items: data as unknown[] } : { data }),
        errors: [...(entry.errors ?? []), ...found],
      },
    ];
  }

  #values({ subPath = [], data, items }: IncrementalEntry, { path }: OpenPart, start: number): WritableData {
    const { operation } = this.#request;
    if (!operation) throw new TypeError("A stream came from an operation that is not known.");
    const values = new WritableValues(operation);
    return items ? values.ofItems(items, path, start) : values.ofObject(data, [...path, ...subPath]);
  }

  #close(completed: CompletedPart): CompletedPart {
    const errors = this.#parts.get(completed.id)?.errors;
    this.#parts.delete(completed.id);
    return errors ? { ...completed, errors } : completed;
  }
}
