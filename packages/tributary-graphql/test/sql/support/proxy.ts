import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A proxy in front of a database server. When it is silent, it accepts and reads everything, and forwards nothing. */
export interface SilentProxy {
  /** The database's URL through the proxy. */
  readonly url: string;
  /** Stops forwarding in both directions, on old and new connections. */
  silence(): void;
  /** Forwards again, on connections that are opened later. */
  forward(): void;
  close(): Promise<void>;
}

export async function startProxy(databaseUrl: string): Promise<SilentProxy> {
  const { hostname, port } = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let isSilent = false;
  /** Counts the silences: a connection opened before one stays silent. */
  let silences = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => {});
    }
    pass(client, upstream);
    pass(upstream, client);
  });
  const pass = (from: Socket, to: Socket) => {
    const opened = silences;
    const isLost = isSilent;
    from.on("data", (data) => {
      if (!isLost && silences === opened) to.write(data);
    });
    from.on("close", () => {
      sockets.delete(from);
      if (!isSilent) to.destroy();
    });
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const url = new URL(databaseUrl);
  url.port = String(typeof address === "object" && address !== null ? address.port : 0);
  return {
    url: url.href,
    silence: () => {
      isSilent = true;
      silences++;
    },
    forward: () => {
      isSilent = false;
    },
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}
