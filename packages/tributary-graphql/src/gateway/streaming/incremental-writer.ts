import type { Payload } from "./payload.ts";

/** Writes the payloads of one stream, in order, as the clients of one format read them. */
export interface IncrementalWriter {
  /** The object to serialize; undefined when the format has nothing to say about this payload. */
  write(payload: Payload): object | undefined;
}
