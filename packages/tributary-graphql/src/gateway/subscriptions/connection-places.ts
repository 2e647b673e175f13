import type { GraphQLError } from "graphql";
import { refusal } from "../security/refusal.ts";

/** Counts the connections that stay open, so that nobody opens more than the process can hold, nor one client all. */
export class ConnectionPlaces {
  readonly #max: number;
  readonly #maxPerClient: number;
  readonly #byClient = new Map<string, number>();
  #taken = 0;

  constructor(max: number, maxPerClient: number = max) {
    this.#max = max;
    this.#maxPerClient = maxPerClient;
  }

  /**
   * The way to give the place back, which may be called again; why there is none otherwise.
   *
   * @param address of the client; one without has no share of its own
   */
  take(address: string | undefined): (() => void) | GraphQLError {
    if (this.#taken >= this.#max) return noPlaceLeft("Too many connections are open");
    const client = address === undefined ? undefined : clientOf(address);
    const taken = client === undefined ? 0 : (this.#byClient.get(client) ?? 0);
    if (taken >= this.#maxPerClient) return noPlaceLeft("Too many connections of this client are open");
    this.#taken += 1;
    if (client !== undefined) this.#byClient.set(client, taken + 1);
    let isTaken = true;
    return () => {
      if (isTaken) this.#giveBack(client);
      isTaken = false;
    };
  }

  #giveBack(client: string | undefined): void {
    this.#taken -= 1;
    if (client === undefined) return;
    const left = (this.#byClient.get(client) ?? 1) - 1;
    if (left > 0) this.#byClient.set(client, left);
    else this.#byClient.delete(client);
  }
}

/** One client of IPv6 has a whole network of 64 bits. */
function clientOf(address: string): string {
  if (!address.includes(":") || address.includes(".")) return address;
  const [head = "", tail] = address.split("::");
  const first = head === "" ? [] : head.split(":");
  const last = tail ? tail.split(":") : [];
  const zeros = tail === undefined ? [] : Array<string>(8 - first.length - last.length).fill("0");
  return [...first, ...zeros, ...last].slice(0, 4).join(":");
}

const noPlaceLeft = (fault: string): GraphQLError =>
  refusal("OVERLOADED", `${fault}; try again later.`, { status: 503, headers: { "retry-after": "10" } });
