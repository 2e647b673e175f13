import type { EventEmitter } from "node:events";
import { resultMemory } from "../execution/result-memory.ts";

/** Bytes of an answer that are not worth counting while they wait for the client. */
const fewBytes = 64 * 1024;

/** Counts what is about to be written to a response as memory of large results, until its client has taken it or has left. */
export function holdUnsent(target: EventEmitter, bytes: number): void {
  if (bytes > fewBytes) target.once("close", resultMemory.holdUnsent(bytes));
}
