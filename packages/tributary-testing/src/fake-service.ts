import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";

export interface FakeService {
  readonly url: string;
  close(): void;
}

/** Starts a service on a free port with the test's own listener, for faults that a real service does not show. */
export async function startFakeService(listener: RequestListener): Promise<FakeService> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("Expected a port to listen on.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
