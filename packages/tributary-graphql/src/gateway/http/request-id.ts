import { randomUUID } from "node:crypto";

const saneId = /^[\w.:-]{1,100}$/;

/** The id that a proxy gave the request in `x-request-id`, if it cannot upset a log; otherwise a new one. */
export function requestIdOf(given: string | null | undefined): string {
  return given != null && saneId.test(given) ? given : randomUUID();
}
