import type { IncrementalWriter } from "./incremental-writer.ts";
import type { Payload, PendingPart } from "./payload.ts";

/** The format that execution speaks itself. Remembers what is pending, since a stream that is cut off completes it all. */
export class WriterV02 implements IncrementalWriter {
  readonly #open = new Set<string>();

  write({ pending, cutOff, ...payload }: Payload): object {
    for (const { id } of pending ?? []) this.#open.add(id);
    for (const { id } of payload.completed ?? []) this.#open.delete(id);
    const completed = cutOff ? [...this.#open].map((id) => ({ id, errors: [cutOff] })) : [];
    return {
      ...payload,
      ...(pending && { pending: pending.map(publicPart) }),
      ...(completed.length > 0 && { completed: [...(payload.completed ?? []), ...completed] }),
    };
  }
}

const publicPart = ({ id, path, label }: PendingPart) => ({ id, path, ...(label !== undefined && { label }) });
