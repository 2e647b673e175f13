import type { GraphQLError } from "graphql";
import { clientNetwork } from "../http/client-network.ts";
import { refusal } from "../security/refusal.ts";

/** Limits the connections that stay open, in all and per client. */
export class ConnectionLimiter {
  readonly #max: number;
  readonly #maxPerClient: number;
  readonly #byClient = new Map<string, number>();
  #open = 0;

  constructor(max: number, maxPerClient: number = max) {
    this.#max = max;
    this.#maxPerClient = maxPerClient;
  }

  /**
   * Counts one connection. Returns the function that releases it, which may be called twice, or the refusal.
   *
   * @param address of the client. Without one, only the limit of all connections counts.
   */
  acquire(address: string | undefined): (() => void) | GraphQLError {
    if (this.#open >= this.#max) return tooManyConnections("Too many connections are open");
    const client = address === undefined ? undefined : clientNetwork(address);
    const open = client === undefined ? 0 : (this.#byClient.get(client) ?? 0);
    if (open >= this.#maxPerClient) return tooManyConnections("Too many connections of this client are open");
    this.#open += 1;
    if (client !== undefined) this.#byClient.set(client, open + 1);
    let isOpen = true;
    return () => {
      if (isOpen) this.#release(client);
      isOpen = false;
    };
  }

  #release(client: string | undefined): void {
    this.#open -= 1;
    if (client === undefined) return;
    const left = (this.#byClient.get(client) ?? 1) - 1;
    if (left > 0) this.#byClient.set(client, left);
    else this.#byClient.delete(client);
  }
}

const tooManyConnections = (fault: string): GraphQLError =>
  refusal("OVERLOADED", `${fault}; try again later.`, { status: 503, headers: { "retry-after": "10" } });
