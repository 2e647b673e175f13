import type { IncrementalFormat } from "../http/accept.ts";
import { Writer2022 } from "./format-2022.ts";
import { WriterV02 } from "./format-v02.ts";
import type { IncrementalWriter } from "./incremental-writer.ts";

export function createWriter(format: IncrementalFormat): IncrementalWriter {
  switch (format) {
    case "v0.2":
      return new WriterV02();
    case "2022":
      return new Writer2022();
  }
}
