import type { IncomingMessage } from "node:http";
import type { HeaderSource } from "../request/graphql-request.ts";

/** The headers of a node request as `Headers`, made when somebody asks for them. */
export class NodeHeaders implements HeaderSource {
  readonly #request: IncomingMessage;
  #headers: Headers | undefined;

  constructor(request: IncomingMessage) {
    this.#request = request;
  }

  get headers(): Headers {
    if (this.#headers === undefined) {
      this.#headers = new Headers();
      for (const [name, value] of Object.entries(this.#request.headers)) {
        if (value !== undefined) this.#headers.set(name, Array.isArray(value) ? value.join(", ") : value);
      }
    }
    return this.#headers;
  }
}
