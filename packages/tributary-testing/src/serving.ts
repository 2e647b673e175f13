import { once } from "node:events";
import type { Server } from "node:http";

/** A server on a free loopback port, which `await using` closes. */
export interface Serving extends AsyncDisposable {
  readonly url: string;
}

export async function serving(server: Server): Promise<Serving> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("expected a TCP port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
