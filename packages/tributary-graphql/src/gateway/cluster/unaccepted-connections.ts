import type { ChildProcess } from "node:child_process";

/** The messages of `node:cluster` about a connection. */
interface ClusterMessage {
  readonly cmd?: unknown;
  readonly act?: unknown;
  readonly seq?: unknown;
  readonly ack?: unknown;
}

interface Connection {
  close(): void;
}

/**
 * Closes the connections that were sent to a worker which exited before it accepted them. `node:cluster` keeps such a
 * connection open, and its client would wait until its own timeout. A closed connection tells the client to reconnect.
 */
export function closeUnacceptedConnections(worker: ChildProcess): void {
  const unaccepted = new Map<unknown, Connection>();
  const send = worker.send;
  worker.send = function (this: ChildProcess, ...sent: unknown[]): boolean {
    const [message, connection] = sent as [ClusterMessage, Connection | undefined];
    if (message?.cmd === clusterCommand && message.act === "newconn" && connection)
      unaccepted.set(message.seq, connection);
    return Reflect.apply(send, this, sent);
  } as typeof worker.send;
  worker.on("internalMessage", ({ cmd, ack }: ClusterMessage) => {
    if (cmd === clusterCommand && ack !== undefined) unaccepted.delete(ack);
  });
  worker.once("exit", () => {
    for (const connection of unaccepted.values()) connection.close();
    unaccepted.clear();
  });
}

const clusterCommand = "NODE_CLUSTER";
