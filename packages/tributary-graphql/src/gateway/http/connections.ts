import type { IncomingMessage, ServerResponse } from "node:http";

/** The server's side of the connections that requests come over. */
export interface Connections {
  /** Whether each is to be closed after its next answer. */
  readonly areLeaving: boolean;
  /** Sends what Yoga's lane answers. */
  send(answering: Promise<Response>, response: ServerResponse): void;
  /** As far as trusted proxies tell it. */
  clientAddress(request: IncomingMessage): string | undefined;
}
