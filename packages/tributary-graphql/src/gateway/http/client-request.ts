import type { IncomingMessage } from "node:http";
import type { ClientRequest } from "../request/graphql-request.ts";

/** The client's request as `node:http` has it. `Headers` and `Request` are made when they are asked for: both are costly. */
export class NodeClientRequest implements ClientRequest {
  readonly #incoming: IncomingMessage;
  #headers: Headers | undefined;

  constructor(incoming: IncomingMessage) {
    this.#incoming = incoming;
  }

  get headers(): Headers {
    if (this.#headers === undefined) {
      this.#headers = new Headers();
      for (const [name, value] of Object.entries(this.#incoming.headers)) {
        if (value !== undefined) this.#headers.set(name, Array.isArray(value) ? value.join(", ") : value);
      }
    }
    return this.#headers;
  }

  /** Without its body, which was read. */
  toRequest(signal: AbortSignal, headers: Headers): Request {
    return new Request(this.#url(), { method: this.#incoming.method ?? "POST", headers, signal });
  }

  #url(): URL {
    const { url = "/graphql", headers } = this.#incoming;
    return URL.parse(url, `http://${headers.host}`) ?? new URL(url, "http://localhost");
  }
}
