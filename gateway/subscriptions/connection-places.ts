import type { GraphQLError } from "graphql";
import { refusal } from "../security/refusal.ts";

/** Counts the connections that stay open, so that nobody opens more than the process can hold. */
export class ConnectionPlaces {
  readonly #max: number;
  #taken = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** The way to give the place back, which may be called again; undefined when none is left. */
  take(): (() => void) | undefined {
    if (this.#taken >= this.#max) return undefined;
    this.#taken += 1;
    let isTaken = true;
    return () => {
      if (isTaken) this.#taken -= 1;
      isTaken = false;
    };
  }
}

export const noPlaceLeft = (): GraphQLError =>
  refusal("OVERLOADED", "Too many connections are open; try again later.", {
    status: 503,
    headers: { "retry-after": "10" },
  });
