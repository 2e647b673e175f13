import type { IncrementalFormat } from "../http/accept.ts";
import { Writer2022 } from "./format-2022.ts";
import { WriterV02 } from "./format-v02.ts";
import type { Payload } from "./payload.ts";

/** Writes the payloads of one stream, in order, as the clients of one format read them. */
export interface IncrementalWriter {
  /** The object to serialize; undefined when the format has nothing to say about this payload. */
  write(payload: Payload): object | undefined;
}

export function createWriter(format: IncrementalFormat): IncrementalWriter {
  switch (format) {
    case "v0.2":
      return new WriterV02();
    case "2022":
      return new Writer2022();
  }
}
