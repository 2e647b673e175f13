import type { IncomingMessage, ServerResponse } from "node:http";

/** The connections of the server that requests arrive over. */
export interface Connections {
  /** Whether each is to be closed after its next answer. */
  readonly areLeaving: boolean;
  /** Does not throw. */
  send(answering: Promise<Response>, response: ServerResponse): void;
  /** As far as trusted proxies tell it. */
  clientAddress(request: IncomingMessage): string | undefined;
}
